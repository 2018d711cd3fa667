Feature: Grading of the lab pod-anatomy
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:2 @task:ports
  Scenario: The learner's containers answer on two ports of one Pod
    Hint: each container runs its own server. The Pod has one IP address, so each server needs a different port.
    Given the Pod "web" runs from "web.yaml"
    And the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod web -o jsonpath='{.status.podIP}')"
    Then within 20 seconds "kubectl exec asker -- wget -q -O - http://$podip:80" prints "This is the page."
    And within 20 seconds "kubectl exec asker -- wget -q -O - http://$podip:5000" prints "The page is up to date."
    And within 20 seconds the container "main" of the Pod "web" listens on port 80
    And within 20 seconds the container "supporting" of the Pod "web" listens on port 5000

  @points:2 @task:volume @lenient
  Scenario: The learner's main container serves what its helper writes
    Hint: both containers mount the same volume, each at a different path.
    Given the Pod "web" runs from "web.yaml"
    And the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod web -o jsonpath='{.status.podIP}')"
    And I run "kubectl exec web -c supporting -- sh -c 'echo News > /content/news.html'"
    Then within 20 seconds "kubectl exec asker -- wget -q -O - http://$podip:80/news.html" prints "News"
    # A copy of the helper's page would stay.
    When I run "kubectl exec web -c supporting -- rm /content/news.html"
    Then within 20 seconds "kubectl exec asker -- wget -q -O - http://$podip:80/news.html" fails with "404"
    # No other container writes the page in the helper's place.
    When I run:
      """
      others='[?(@.name!="supporting")]}'
      kubectl get pod web -o jsonpath="others: {.spec.initContainers$others{.spec.containers$others"
      """
    Then it does not print "This is the page"

  @points:2 @task:limits
  Scenario: The learner's containers have limits of their own
    Hint: "resources" has "limits", which are enforced, and "requests", which only the scheduler uses.
    Given the Pod "web-sync" runs from "limits.yaml"
    Then the memory of the container "web" of the Pod "web-sync" is limited to "100Mi"
    And the CPU of the container "web" of the Pod "web-sync" is limited to "200m"
    And the memory of the container "sync" of the Pod "web-sync" is limited to "50Mi"
    And the CPU of the container "sync" of the Pod "web-sync" is limited to "100m"
    # One more container could use what it likes.
    When I run "kubectl get pod web-sync -o jsonpath='{.spec.containers[*].name} {.spec.initContainers[*].name}' | wc -w"
    Then it prints:
      """
      2
      """

  @points:1 @task:service
  Scenario: The learner's Service waits for the Pod and then leads to its port 80
    Hint: "kubectl get endpointslices" shows which Pods a Service has selected.
    Given "service.yaml" is applied
    And "unready.yaml" is applied
    And the Pod "asker" runs busybox
    Then within 20 seconds the Pod "web" is in the phase Running
    And within 20 seconds the Service "web" waits for the Pod "web"
    When I run "kubectl exec web -c supporting -- touch /tmp/ready"
    Then within 20 seconds the Service "web" sends to the Pod "web"
    And within 20 seconds "timeout 10 kubectl exec asker -- wget -q -O - http://web/hostname" prints "web"
    # The name of a headless Service resolves to the Pod's address, whatever the Service's ports are.
    And "kubectl get service web -o jsonpath='{range .spec.ports[*]}{.port} leads to {.targetPort}.{end}'" prints "80 leads to 80."
    # From every node, not only from that of the Pod.
    And "kubectl get service web -o jsonpath='{.spec.internalTrafficPolicy}'" prints "Cluster"
