Feature: The lab NAME, one of many
  A server runs in a Pod, and another Pod asks it.

  Background:
    Given the Pod "hello" runs from "pod.yaml"

  Scenario: The Pod of NAME is listed
    When I run "kubectl get pods"
    Then it prints:
      """
      NAME    READY   STATUS    RESTARTS   AGE
      hello   1/1     Running   0          [AGE]
      """

  Scenario: busybox fetches Hello World in NAME
    Given the Pod "bb" runs busybox
    When I run:
      """
      export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
      echo $helloip
      """
    Then it prints "[IP:helloip]"
    When I run "kubectl exec bb -- wget -O - http://$helloip:3000"
    Then it prints "Hello World"
    And it prints "written to stdout" on standard error

  Scenario: The Pod of NAME is deleted
    When I run "kubectl delete pod hello"
    Then it prints "pod \"hello\" deleted"
    And within 60 seconds the Pod "hello" is gone
