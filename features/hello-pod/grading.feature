Feature: Grading of the lab hello-pod
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:labels @live
  Scenario: The learner's Pod is found by its labels
    Hint: "kubectl get pods --show-labels" shows the labels that the Pod has.
    Given the Pod "hello-pod" runs from "pod.yml"
    Then "kubectl get pods -l zone=prod,version=v1 -o name" prints "pod/hello-pod"
    And within 10 seconds 1 Pod labelled "zone=prod" is ready
    And within 10 seconds 1 Pod labelled "version=v1" is ready
    And within 10 seconds the Pod "hello-pod" is ready

  @points:2 @task:server @lenient
  Scenario: The learner's Pod answers with the page of the document's image
    Hint: the page comes from the image's own server on port 8080; no command is needed for it.
    Given the Pod "hello-pod" runs from "pod.yml"
    And the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod hello-pod -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:8080" prints "<h1>Kubernetes Rocks!</h1>"
    # The image of the only container, which is not among the init containers either.
    When I run "kubectl get pod hello-pod -o jsonpath='{.status.containerStatuses[*].image}{.status.initContainerStatuses[*].image}'"
    Then it prints:
      """
      docker.io/nigelpoulton/k8sbook:latest
      """
    And within 20 seconds the Pod "hello-pod" listens on port 8080

  @points:2 @task:containers
  Scenario: The learner's second container writes a log of its own beside the server
    Hint: "kubectl logs hello-pod --container bb-ctr" shows the log of bb-ctr only.
    Given the Pod "hello-pod" runs from "pod-two.yml"
    And the Pod "asker" runs busybox
    Then "kubectl get pod hello-pod -o jsonpath='<{.spec.containers[*].name}>'" prints "<hello-ctr bb-ctr>"
    And "kubectl get pod hello-pod -o jsonpath='{.spec.containers[*].image}'" prints "nigelpoulton/k8sbook[...] [...]busybox"
    And within 20 seconds the log of the container "bb-ctr" of the Pod "hello-pod" shows "I am bb-ctr"
    When I run "podip=$(kubectl get pod hello-pod -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:8080" prints "<h1>Kubernetes Rocks!</h1>"
    And within 20 seconds the container "hello-ctr" of the Pod "hello-pod" listens on port 8080
    # A container that ends after a while does not keep running.
    And for 5 seconds the restart count of the container "bb-ctr" of the Pod "hello-pod" stays 0
    And within 1 second the Pod "hello-pod" is ready

  @points:1 @task:delete
  Scenario: The learner's commands delete the Pod hello-pod and no other
    Hint: "kubectl delete" accepts the name of a Pod, or the file from which it was created.
    # One Pod is older than hello-pod, and one is younger.
    Given the Pod "asker" runs busybox
    And the Pod "hello-pod" runs from "pod-labelled.yml"
    And the Pod "hello-pod-of-others" runs busybox
    # A third one never runs.
    When I run:
      """
      kubectl run waits --image busybox --image-pull-policy IfNotPresent --overrides '{"spec": {"nodeSelector": {"no": "node"}}}'
      """
    And the task "delete" is done
    Then within 30 seconds the Pod "hello-pod" is gone
    # A Pod that the script creates anew has the same name.
    And for 3 seconds there is no Pod "hello-pod"
    And within 1 second the Pod "asker" is ready
    And within 1 second the Pod "hello-pod-of-others" is ready
    And within 1 second the Pod "waits" is in the phase Pending
