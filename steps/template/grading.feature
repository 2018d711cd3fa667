Feature: Grading of NAME
  The scenarios with points. They use the learner's files instead of the lab's own. Do not give this file to learners.
  docs/grading.md of labproof explains the tags. Without grading, remove this file, `submission` in lab.yaml, and the attempts.

  @points:1
  Scenario: The learner's Pod becomes ready
    Hint: `kubectl describe pod hello` shows why a Pod does not start.
    Given "hello.yaml" is applied
    Then within 60 seconds the Pod "hello" is ready

  @points:2
  Scenario: The learner's Pod answers on port 8080
    Hint: httpd listens on the port that comes after -p.
    Given the Pod "hello" runs from "hello.yaml"
    And the Pod "asker" runs busybox
    When I run "ip=$(kubectl get pod hello -o jsonpath='{.status.podIP}')"
    Then within 10 seconds "kubectl exec asker -- wget -q -O - http://$ip:8080" prints "Hello, learner"
