Feature: Grading of the lab security-context
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:2 @task:user
  Scenario: The learner's container runs as user 42
    Hint: the user is a setting of the securityContext; the program itself need not change it.
    Given "security-context.yaml" is applied
    Then within 30 seconds the Pod "security-context-pod" is ready
    And the Pod "security-context-pod" runs as user 42

  @points:2 @task:group @lenient
  Scenario: The learner's volume belongs to group 231
    Hint: runAsGroup is the group of the processes, fsGroup that of the volumes.
    Given "security-context.yaml" is applied
    Then within 30 seconds the Pod "security-context-pod" is ready
    And within 5 seconds "/etc/directory" in the Pod "security-context-pod" belongs to user 0 and group 231
    And the Pod "security-context-pod" has the group 231
    And within 1 second the Pod "security-context-pod" has spec.securityContext.fsGroup 231
    And within 15 seconds "/etc/directory/file.txt" in the Pod "security-context-pod" belongs to user 42 and group 231
    And within 15 seconds "/etc/directory/file.txt" in the Pod "security-context-pod" shows "[TIME]"
    # Another container may have written what is there.
    When I run "kubectl exec security-context-pod -- sh -c 'echo no date > /etc/directory/file.txt'"
    Then within 15 seconds "/etc/directory/file.txt" in the Pod "security-context-pod" shows "[TIME]"

  @points:1 @task:container
  Scenario: The learner's second container runs as a user of its own
    Hint: a container also has a securityContext, which overrides the Pod's.
    Given "users.yaml" is applied
    Then within 30 seconds the Pod "users" is ready
    And the container "first" of the Pod "users" runs as user 42
    And the container "second" of the Pod "users" runs as user 1000
    And within 1 second the Pod "users" has spec.securityContext.runAsUser 42
    When I run "kubectl get pod users -o jsonpath='of its own: <{.spec.containers[?(@.name==\"first\")].securityContext.runAsUser}>'"
    Then it prints "of its own: <>"

  @points:2 @task:privileges
  Scenario: The learner's root has no privileges and gets none
    Hint: capabilities and allowPrivilegeEscalation are settings of a container.
    Given "powerless.yaml" is applied
    Then within 30 seconds the Pod "powerless" is ready
    And the Pod "powerless" runs as user 0
    And the Pod "powerless" has no capabilities
    And the Pod "powerless" can gain no privileges
