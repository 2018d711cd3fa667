Feature: Grading of the lab security-context
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

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
