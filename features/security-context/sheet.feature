Feature: Security context, the user and the group of a Pod's containers and of its volumes
  A Pod says which user its containers run as, and which group its volumes belong to. A container may say otherwise for
  itself.

  Rule: A Pod names a user and a group

    Scenario: The files of the volume belong to user 42 and group 231
      Given the Pod "security-context-pod" runs from "security-context.yaml"
      Then within 60 seconds "kubectl exec security-context-pod -- cat /etc/directory/file.txt" prints "[TIME]"
      When I run "kubectl exec security-context-pod -- ls -l /etc/directory"
      Then it prints:
        """
        total 4
        -rw-r--r--    1 42       231      [NUMBER] [...] file.txt
        """

    Scenario: The container's processes run as user 42, with group 231 besides their own
      Given the Pod "security-context-pod" runs from "security-context.yaml"
      Then "kubectl exec security-context-pod -- id" prints "uid=42 gid=0(root) groups=[...]231"
      And "kubectl exec security-context-pod -- ps" prints "1 42 [...] /bin/sh -c while true; do date >> /etc/directory/file.txt; sleep 5; done"
      And "kubectl exec security-context-pod -- touch /etc/file" fails with "Permission denied"

    Scenario: Without fsGroup the file belongs to the group of the process that wrote it
      Given the Pod "without-fsgroup" runs from "without-fsgroup.yaml"
      Then within 60 seconds "kubectl exec without-fsgroup -- cat /etc/directory/file.txt" prints "[TIME]"
      When I run "kubectl exec without-fsgroup -- ls -l /etc/directory"
      Then it prints:
        """
        total 4
        -rw-r--r--    1 42       root     [NUMBER] [...] file.txt
        """
      And "kubectl exec without-fsgroup -- id" prints "uid=42 gid=0(root)"
      And it does not print "231"

  Rule: A container's own setting wins

    Scenario: A container runs as the Pod's user, unless it names one itself
      Given the Pod "three-containers" runs from "three-containers.yaml"
      Then in the container "inherits" of the Pod "three-containers" "id" prints "uid=42 gid=0(root) groups=[...]231"
      And in the container "own-user" of the Pod "three-containers" "id" prints "uid=1000 gid=0(root) groups=[...]231"

    Scenario: A container that sets only its group keeps the Pod's user
      Given the Pod "three-containers" runs from "three-containers.yaml"
      Then in the container "own-group" of the Pod "three-containers" "id" prints "uid=42 gid=7"
