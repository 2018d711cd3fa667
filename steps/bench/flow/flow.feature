Feature: The Hello World flow, as it is measured
  Eight times the same: the benchmarks run one copy alone, and all of them side by side.

  Scenario Outline: Hello World answers on port 3000, then on port 3001, copy <copy>
    Given the image "ubuntu/helloworld" is on every node
    And the Pod "hello" runs from "pods.yaml"
    Then within 60 seconds the Pod "bb" is ready
    And within 60 seconds the log of the Pod "hello" shows "Server running at http://0.0.0.0:3000/"
    When I run "export helloip=$(kubectl get pod hello -o go-template='{{.status.podIP}}')"
    Then "kubectl exec bb -- wget -O - http://$helloip:3000" prints "Hello World"
    When I run "kubectl delete pod hello"
    Then within 60 seconds the Pod "hello" is gone
    Given the Pod "hello" runs from "podkv.yaml"
    Then within 60 seconds the log of the Pod "hello" shows "Server running at http://0.0.0.0:3001/"
    When I run "export helloip=$(kubectl get pod hello -o go-template='{{.status.podIP}}')"
    Then "kubectl exec bb -- wget -O - http://$helloip:3001" prints "Hello World"
    And "kubectl exec bb -- wget -O - http://$helloip:3000" fails with "Connection refused"
    When I run "kubectl delete pods --all"
    Then within 60 seconds no Pods remain

    Examples:
      | copy |
      | 1    |
      | 2    |
      | 3    |
      | 4    |
      | 5    |
      | 6    |
      | 7    |
      | 8    |
