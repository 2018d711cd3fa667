Feature: The phases of a Pod
  A Pod is Pending, Running, Succeeded or Failed. The learner sees what makes it so, and that the column STATUS of
  "kubectl get pods" says other things than the phase.

  Rule: Pending: not all of its containers have been started

    Scenario: A Pod whose image is missing is Pending on its node
      Given "typo.yaml" is applied
      Then within 60 seconds the Pod "typo" has the status "ErrImagePull"
      And within 60 seconds an event of the Pod "typo" says "Warning Failed [...] Failed to pull image \"no-such-image:1.0\""
      And within 1 second the Pod "typo" is in the phase Pending
      When I run "kubectl get pod typo -o wide"
      Then it prints "typo 0/1 [...]ImagePull[...] 0 [AGE] [IP] [NODE] <none> <none>"

    Scenario: A Pending Pod has its entry in etcd
      Given the cluster is called "demo"
      And "big.yaml" is applied
      Then within 60 seconds an event of the Pod "big" says "Warning FailedScheduling [...] Insufficient memory"
      When I run "namespace=$(kubectl config view --minify -o jsonpath='{..namespace}')"
      Then "docker exec demo-control-plane sh -c 'grep -l /registry/pods/'$namespace'/big /var/lib/etcd/member/wal/*'" prints ".wal"
      And "docker exec demo-control-plane sh -c 'grep -c /registry/pods/'$namespace'/small /var/lib/etcd/member/wal/*'" fails with "0"

  Rule: Running: all containers have been started

    Scenario: The phase of a Pod is a field of its status
      Given the Pod "server" runs from "server.yaml"
      When I run "kubectl get pod server -o wide"
      Then it prints "server 1/1 Running 0 [AGE] [IP] [NODE] <none> <none>"
      When I run "kubectl get pod server -o yaml"
      Then it prints:
        """
        [...]
        status:
        [...]
          phase: Running
        [...]
        """

  Rule: Succeeded and Failed: all containers have ended for good

    Scenario: A Pod has Succeeded once its last container has ended well
      Given "tasks.yaml" is applied
      Then within 60 seconds the container "short" of the Pod "tasks" has ended with "exit code 0, Completed"
      And within 60 seconds the Pod "tasks" is in the phase Running
      And "kubectl get pods" prints "tasks 1/2 NotReady 0 [AGE]"
      When I run "kubectl exec tasks -c long -- touch /tmp/enough"
      Then within 60 seconds the Pod "tasks" is in the phase Succeeded
      And "kubectl get pods" prints "tasks 0/2 Completed 0 [AGE]"

    Scenario: A Pod has Failed once its last container has ended, and one of them not well
      Given "mixed.yaml" is applied
      Then within 60 seconds the container "bad" of the Pod "mixed" has ended with "exit code 3, Error"
      And within 60 seconds the Pod "mixed" is in the phase Running
      When I run "kubectl exec mixed -c good -- touch /tmp/enough"
      Then within 60 seconds the Pod "mixed" is in the phase Failed
      And within 1 second the container "good" of the Pod "mixed" has ended with "exit code 0, Completed"
      And "kubectl get pods" prints "mixed 0/2 Error 0 [AGE]"
