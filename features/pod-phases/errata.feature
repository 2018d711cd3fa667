Feature: Errata of the lab pod-phases
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: Pending: not all of its containers have been started

    @erratum
    Scenario: A Pod is Pending before it has a node
      # The document says that a Pod enters the pending state once it is scheduled to a node. This one fits on no node.
      Given "big.yaml" is applied
      Then within 60 seconds an event of the Pod "big" says "Warning FailedScheduling [...] Insufficient memory"
      And within 1 second the Pod "big" is in the phase Pending
      When I run "kubectl get pod big -o wide"
      Then it prints:
        """
        NAME   READY   STATUS    RESTARTS   AGE    IP       NODE     NOMINATED NODE   READINESS GATES
        big    0/1     Pending   0          [AGE]  <none>   <none>   <none>           <none>
        """

    @erratum
    Scenario: A Pod is Pending while one of its containers runs already, and serves
      # The documents say that a Pending Pod's containers have not been created, and that no part of a Pod serves alone.
      Given "half.yaml" is applied
      And the Pod "bb" runs busybox
      Then within 60 seconds the Pod "half" has the status "ErrImagePull"
      And within 1 second the Pod "half" is in the phase Pending
      And "kubectl get pods" prints "half 1/2 [...]ImagePull[...] 0 [AGE]"
      When I run "podip=$(kubectl get pod half -o jsonpath='{.status.podIP}')"
      Then "kubectl exec bb -- wget -q -O - http://$podip:80/hostname" prints "half"

  Rule: Running: all containers have been started

    @erratum
    Scenario: A Pod is Running before it is ready
      # The document says that a Pod is pending until everything is up and ready, and enters the running state then.
      Given "slow.yaml" is applied
      Then within 60 seconds the Pod "slow" is in the phase Running
      And for 3 seconds the Pod "slow" is not ready
      And "kubectl get pods" prints "slow 0/1 Running 0 [AGE]"
      When I run "kubectl exec slow -- touch /tmp/ready"
      Then within 60 seconds the Pod "slow" is ready
      And "kubectl get pods" prints "slow 1/1 Running 0 [AGE]"

    @erratum
    Scenario: The kubelet reports a Pod's status to the API server
      # The document says that the kubelet updates the field in the etcd entry.
      Given the cluster is called "demo"
      And the Pod "server" runs from "server.yaml"
      When I run "kubectl get pod server -o yaml --show-managed-fields"
      Then it prints:
        """
        [...]
            manager: kubelet
            operation: Update
            subresource: status
        [...]
        """
      And "docker exec demo-worker grep server: /etc/kubernetes/kubelet.conf" prints "https://demo-control-plane:6443"

  Rule: Succeeded and Failed: all containers have ended for good

    @erratum
    Scenario: A container of a Pod that has Succeeded may have failed before
      # The document says that every container has finished without failing. With OnFailure the last time counts.
      Given "second-try.yaml" is applied
      Then within 60 seconds the Pod "second-try" is in the phase Succeeded
      And within 1 second the restart count of the Pod "second-try" is 1
      And "kubectl get pods" prints "second-try 0/1 Completed 1 [...]"

    @erratum
    Scenario: A container that ends well is started again, so that the Pod does not succeed
      # The document says that a Pod enters the succeeded state once it has completed its tasks. It does with OnFailure.
      Given the lab's files are in the folder "pods"
      And "ends-well.yaml" is applied
      Then within 60 seconds the Pod "ends-well" has ended with "exit code 0, Completed"
      And within 60 seconds the restart count of the Pod "ends-well" is 1
      And within 1 second the Pod "ends-well" is in the phase Running
      When I run:
        """
        kubectl delete -f ends-well.yaml
        sed 's/^spec:/&\n  restartPolicy: OnFailure/' ends-well.yaml | kubectl apply -f -
        """
      Then within 60 seconds the Pod "ends-well" is in the phase Succeeded

    @erratum
    Scenario: A container that fails is started again, so that the Pod is Running, with no container that runs
      # The document says that a Pod has failed once its containers have finished, some with a failure code, and that a
      # Running Pod has running containers.
      Given "fails.yaml" is applied
      Then within 60 seconds the Pod "fails" has the status "CrashLoopBackOff"
      And within 1 second the Pod "fails" is in the phase Running
      And within 1 second the Pod "fails" has ended with "exit code 1, Error"
      And within 30 seconds "kubectl get pods" prints "fails 0/1 [...] [NUMBER] ([AGE] ago) [AGE]"

  Rule: Unknown: the API knows the word, and nobody uses it

    @erratum
    Scenario: The API says that Unknown is not set any more
      # The document lists five phases, and nothing that sets one of them apart.
      When I run "kubectl explain pod.status.phase"
      Then it prints:
        """
        [...]
        ENUM:
            Failed
            Pending
            Running
            Succeeded
            Unknown
        [...]
        """
      And it prints "Deprecated: It isn't being set since 2015"

    @erratum @slow
    Scenario: A Pod whose node falls silent stays Running, and is not ready
      # The document says that the phase is Unknown when the Pod's status cannot be obtained.
      Given I work on a cluster of its own, called "phases"
      And the lab differs from the document: "the cluster takes a node for lost after 20 seconds, not after Kubernetes' 50"
      And "lost.yaml" is applied
      Then within 60 seconds the Pod "patient" is ready
      And within 60 seconds the Pod "hasty" is ready
      When I run "docker exec phases-worker systemctl stop kubelet"
      Then within 90 seconds "kubectl get nodes" prints "phases-worker NotReady"
      And "kubectl exec patient -- hostname" fails with "connection refused"
      And within 30 seconds the Pod "patient" has status.conditions[type="Ready"].status "False"
      And for 3 seconds the Pod "patient" is not ready
      And "kubectl get pods" prints "patient 1/1 Running 0 [AGE]"
      And within 60 seconds the Pod "hasty" has the status "Terminating"
      When I run "docker exec phases-worker systemctl start kubelet"
      Then within 60 seconds the Pod "hasty" is gone
      And within 60 seconds the Pod "patient" is ready
