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

    @erratum
    Scenario: Only files of volumes belong to the group 231
      # The document says that a security context names the group for access to the file system.
      Given the Pod "security-context-pod" runs from "security-context.yaml"
      When I run "kubectl exec security-context-pod -- sh -c 'touch /tmp/file /etc/directory/file; ls -l /tmp/file /etc/directory/file'"
      Then it prints:
        """
        -rw-r--r--    1 42       231      0 [...] /etc/directory/file
        -rw-r--r--    1 42       root     0 [...] /tmp/file
        """

  Rule: A container's own setting wins

    Scenario: A container runs as the Pod's user, unless it names one itself
      Given the Pod "three-containers" runs from "three-containers.yaml"
      Then in the container "inherits" of the Pod "three-containers" "id" prints "uid=42 gid=0(root) groups=[...]231"
      And in the container "own-user" of the Pod "three-containers" "id" prints "uid=1000 gid=0(root) groups=[...]231"

    Scenario: A container that sets only its group keeps the Pod's user
      Given the Pod "three-containers" runs from "three-containers.yaml"
      Then in the container "own-group" of the Pod "three-containers" "id" prints "uid=42 gid=7"

  Rule: Some settings are the Pod's alone, others the container's alone

    @erratum
    Scenario: The group of the volumes is a setting of the Pod
      # The document says that a security context is an object at the level of a container.
      Given the lab's files are in the folder "security-context"
      When I try "kubectl apply -f group-of-a-container.yaml"
      Then it fails with "strict decoding error: unknown field \"spec.containers[0].securityContext.fsGroup\""
      When I run "kubectl apply --dry-run=server -f security-context.yaml"
      Then it prints "pod/security-context-pod created (server dry run)"

    @erratum
    Scenario: Privileges are settings of a container
      # The document says that a container inherits from the Pod what it does not specify.
      Given the lab's files are in the folder "security-context"
      And the Pod "privileges-of-a-container" runs from "privileges-of-a-container.yaml"
      Then in the Pod "privileges-of-a-container" "chown 42 /tmp" fails with "Operation not permitted"
      When I try "kubectl apply -f privileges-of-a-pod.yaml"
      Then it fails with "strict decoding error: unknown field \"spec.securityContext.allowPrivilegeEscalation\", unknown field \"spec.securityContext.capabilities\""

  Rule: A line break within quotes is a blank

    @erratum
    Scenario: A line break between folder and file keeps the file from being written
      # The document breaks the line within "/etc/directory/file.txt".
      Given the Pod "security-context-pod" runs from "broken-line.yaml"
      Then within 60 seconds the log of the Pod "security-context-pod" shows "/bin/sh: can't create /etc/directory/: Is a directory"
      When I run "kubectl exec security-context-pod -- ls -l /etc/directory"
      Then it prints:
        """
        total 0
        """

  Rule: What a learner hands in is graded

    @points:2 @task:user
    Scenario: The learner's container runs as user 42
      Hint: the user is a setting of the securityContext; the program itself needs not change it.
      Given "security-context.yaml" is applied
      Then within 30 seconds the Pod "security-context-pod" is ready
      And in the Pod "security-context-pod" "id" prints "uid=42 gid="

    @points:2 @task:group @lenient
    Scenario: The learner's volume belongs to group 231
      Hint: runAsGroup is the group of the processes, fsGroup that of the volumes.
      Given "security-context.yaml" is applied
      Then within 30 seconds the Pod "security-context-pod" is ready
      And within 5 seconds "kubectl exec security-context-pod -- ls -lnd /etc/directory" prints "[NUMBER] 0 231 [NUMBER]"
      And in the Pod "security-context-pod" "id" prints "groups=[...]231"
      And "kubectl get pod security-context-pod -o jsonpath='{.spec.securityContext.fsGroup}'" prints "231"
      And within 15 seconds "kubectl exec security-context-pod -- ls -ln /etc/directory/file.txt" prints "[NUMBER] 42 231 [NUMBER]"
      And within 15 seconds "kubectl exec security-context-pod -- cat /etc/directory/file.txt" prints "[TIME]"

    @points:1 @task:container
    Scenario: The learner's second container runs as a user of its own
      Hint: a container has a securityContext as well, and what it says there wins.
      Given "users.yaml" is applied
      Then within 30 seconds the Pod "users" is ready
      And in the container "first" of the Pod "users" "id" prints "uid=42 gid="
      And in the container "second" of the Pod "users" "id" prints "uid=1000 gid="
      And "kubectl get pod users -o jsonpath='{.spec.securityContext.runAsUser}'" prints "42"

    @points:2 @task:privileges
    Scenario: The learner's root has no privileges and gets none
      Hint: capabilities and allowPrivilegeEscalation are settings of a container.
      Given "powerless.yaml" is applied
      Then within 30 seconds the Pod "powerless" is ready
      And in the Pod "powerless" "cat /proc/self/status" prints "Uid: 0 0 0 0"
      And in the Pod "powerless" "cat /proc/self/status" prints "CapEff: 0000000000000000"
      And in the Pod "powerless" "cat /proc/self/status" prints "CapBnd: 0000000000000000"
      And in the Pod "powerless" "cat /proc/self/status" prints "NoNewPrivs: 1"
