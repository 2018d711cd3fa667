Feature: Grading of the lab probes
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:2 @task:readiness
  Scenario: The learner's Pod is not ready while its page is missing
    Hint: the readinessProbe uses httpGet, because a connection alone does not show whether the page exists.
    Given "page.yaml" is applied
    Then within 30 seconds the Pod "page" is ready
    # A command of the container could print what the kubelet says of an answer.
    And "kubectl get pod page -o jsonpath='commands: <{..readinessProbe.exec}>'" prints "commands: <>"
    When I run "kubectl exec page -- mv /www/index.html /www/away.html"
    Then within 15 seconds an event of the Pod "page" says "Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404"
    And within 15 seconds "kubectl get pod page" prints "page  0/1  Running  0"
    And for 3 seconds the Pod "page" is not ready
    When I run "kubectl exec page -- mv /www/away.html /www/index.html"
    Then within 15 seconds the Pod "page" is ready
    And within 1 second the restart count of the Pod "page" is 0
    # Another page could be made and removed with this one.
    When I run "kubectl get pod page -o jsonpath='{..readinessProbe.httpGet.path}' | sed 's|^/*|/|; s|[?].*||; s|index.html$||'"
    Then it prints:
      """
      /
      """
    When I run "period=$(kubectl get pod page -o jsonpath='{..readinessProbe.periodSeconds}')"
    And I run "((period <= 2)) && echo often || echo only every $period seconds"
    Then it prints "often"
    # A liveness probe that asks for this page would restart the container sooner or later.
    When I run "kubectl get pod page -o jsonpath='the liveness probe asks for <{..livenessProbe.httpGet.path}>' | sed 's|[?][^>]*>|>|; s|//*|/|g; s|</*index.html>|</>|'"
    Then it does not print "the liveness probe asks for </>"

  @points:2 @task:service @lenient
  Scenario: The learner's Service sends to the Pod while it has its page
    Hint: the selector is the Pod's label; port is the Service's own, targetPort the Pod's.
    Given "page.yaml" is applied
    And "page-service.yaml" is applied
    And the Pod "asker" runs busybox
    Then within 30 seconds the Pod "page" is ready
    And within 30 seconds the Service "page" sends to the Pod "page"
    And within 10 seconds "kubectl exec asker -- wget -q -O - http://page" prints "Welcome"
    When I run "kubectl exec page -- mv /www/index.html /www/away.html"
    Then within 15 seconds the Service "page" waits for the Pod "page"
    And for 3 seconds the Pod "page" is not ready
    And within 10 seconds "kubectl exec asker -- wget -q -O - http://page" fails with "Connection refused"

  @points:2 @task:liveness
  Scenario: The learner's container is restarted once its file is gone, and not before
    Hint: the livenessProbe runs a command in the container; look at it with "kubectl describe pod worker".
    Given "worker.yaml" is applied
    Then within 30 seconds the Pod "worker" is ready
    And for 8 seconds the restart count of the Pod "worker" stays 0
    When I run "kubectl exec worker -- rm /tmp/alive"
    Then within 30 seconds the restart count of the Pod "worker" is 1
    And within 10 seconds an event of the Pod "worker" says "Killing Container [...] failed liveness probe, will be restarted"
    And within 10 seconds "/tmp/alive" in the Pod "worker" exists
    # A probe with a longer period notices a missing file as well, but late.
    When I run "period=$(kubectl get pod worker -o jsonpath='{..livenessProbe.periodSeconds}')"
    And I run "((period <= 2)) && echo often || echo only every $period seconds"
    Then it prints "often"
    When I run "misses=$(kubectl get pod worker -o jsonpath='{..livenessProbe.failureThreshold}')"
    And I run "((misses == 2 || misses == 3)) && echo in time || echo misses: $misses"
    Then it prints "in time"
