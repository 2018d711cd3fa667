Feature: Errata of the lab security-context
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: A Pod names a user and a group

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
