Feature: NAME
  The lab sheet: what a learner does, in order, and the expected results. Everybody may read this file.
  `labproof steps` lists all sentences; `labproof check` finds errors without a cluster.

  Scenario: The Pod runs
    # The terminal's folder is empty at first; this step copies scenarios/NAME/ into it.
    Given the lab's files are in the folder "NAME"
    When I run:
      """
      kubectl apply -f hello.yaml
      kubectl get pods
      """
    Then it prints "hello"
    And within 60 seconds the Pod "hello" is ready

  Scenario: The Pod answers
    # Each scenario begins in its own empty namespace.
    Given the Pod "hello" runs from "hello.yaml"
    And the Pod "asker" runs busybox
    When I run "ip=$(kubectl get pod hello -o jsonpath='{.status.podIP}')"
    Then within 10 seconds "kubectl exec asker -- wget -q -O - http://$ip:8080" prints "Hello, learner"
