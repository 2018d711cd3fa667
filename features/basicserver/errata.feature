Feature: Errata of the lab basicserver
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: The second Pod gives the server a target by its arguments
    Background:
      Given the image "basicserver:0.43" is on every node

    @erratum
    Scenario: A manifest must be saved before kubectl can read it
      # The document creates the Pod from "pod2.yaml", which it never saves.
      Given the lab's files are in the folder "basicserver"
      When I run "cd"
      And I try "kubectl create -f pod2.yaml"
      Then it fails with:
        """
        error: the path "pod2.yaml" does not exist
        """
      When I run:
        """
        cd basicserver
        kubectl create -f pod2.yaml
        """
      Then it prints "pod/basicserver2 created"

    @erratum
    Scenario: There is no Pod called testpod to forward to
      # The document creates "basicserver2" and forwards to "testpod".
      Given the Pod "basicserver2" runs from "pod2.yaml"
      When I try "kubectl port-forward testpod 5000:5000"
      Then it fails with:
        """
        Error from server (NotFound): pods "testpod" not found
        """
      And "kubectl get pods" prints "basicserver2  1/1  Running  0  [AGE]"

    @erratum
    Scenario: What is typed into the terminal of kubectl port-forward is not run
      # The document types curl after it, as if the prompt came back.
      Given port 5000 is free
      And the Pod "basicserver2" runs from "pod2.yaml"
      And the Pod "basicserver2" has logged "Running on http://127.0.0.1:5000"
      When I open a session with "kubectl port-forward basicserver2 5000:5000"
      Then within 60 seconds the session shows "Forwarding from [::1]:5000 -> 5000"
      When I type "curl http://localhost:5000"
      Then "curl http://localhost:5000" prints "Hello, Universe!"
      And within 60 seconds the session shows:
        """
        Handling connection for 5000
        """

    @erratum
    Scenario: The arguments are the command only where the image has no ENTRYPOINT
      # The document puts command and arguments into "args"; the field for the command is "command".
      Given port 5002 is free
      And the Pod "basicserver2" runs from "pod2-command.yaml"
      And the Pod "basicserver2" has logged "Running on http://127.0.0.1:5000"
      When I try:
        """
        docker run --rm --entrypoint /opt/venv/bin/python basicserver:0.43 \
          /opt/venv/bin/python /opt/app/basicserver2.py Universe
        """
      Then it fails with "SyntaxError"
      When I open a session with "kubectl port-forward basicserver2 5002:5000"
      Then "curl http://localhost:5002" prints "Hello, Universe!"

    @erratum
    Scenario: An image that was only built is on no node
      # The document creates the Pod right after "docker build", which gives the image to the engine alone.
      Given the image "basicserver:unloaded" is built
      And "unloaded.yaml" is applied
      Then within 60 seconds an event of the Pod "basicserver2" says "Failed to pull image \"basicserver:unloaded\""
      And within 60 seconds the Pod "basicserver2" is in the phase Pending
      And the engine has the image "basicserver:unloaded"

    @erratum
    Scenario: kubectl port-forward does not wait for a Pod that is Pending
      # The document forwards right after it has created the Pod, which is Pending then.
      Given "pending.yaml" is applied
      Then "kubectl get pods" prints "basicserver2  0/1  SchedulingGated  0  [AGE]"
      When I try "kubectl port-forward basicserver2 5000:5000"
      Then it fails with:
        """
        error: unable to forward port because pod is not running. Current status=Pending
        """
      When I run:
        """
        kubectl patch pod basicserver2 --type=json -p '[{"op": "remove", "path": "/spec/schedulingGates"}]'
        kubectl wait --for=condition=Ready --timeout=60s pod/basicserver2
        """
      Then it prints "pod/basicserver2 condition met"

  Rule: The third Pod gives the server a greeting by its environment

    @erratum
    Scenario: The second server does not read the variable
      # The document's third Pod sets GREETING and runs "basicserver2.py".
      Given the image "basicserver:0.44" is on every node
      And port 5004 is free
      And the Pod "basicserver3" runs from "pod3-as-printed.yaml"
      And the Pod "basicserver3" has logged "Running on http://127.0.0.1:5000"
      When I open a session with "kubectl port-forward basicserver3 5004:5000"
      Then "curl http://localhost:5004" prints "Hello, Universe!"
      And in the Pod "basicserver3" "printenv GREETING" prints "Hi"

  Rule: Containers of one Pod share its network, and the volumes that they mount
    Background:
      Given the image "basicserver:0.42" is on every node

    @erratum
    Scenario: A container sees only the volumes that it mounts
      # The document says that all containers of a Pod see the same volumes.
      Given the Pod "together" runs from "together.yaml"
      Then within 60 seconds "kubectl exec together -c reader -- cat /shared/target" prints "Universe"
      And in the container "basicserver" of the Pod "together" "ls /shared" fails with "No such file or directory"

  Rule: A Service reaches the server by a name
    Background:
      Given the image "basicserver:0.42" is on every node

    @erratum
    Scenario: No Service can select the chapter's Pod, which has no labels
      # The document gives its Pods no labels, and then wants a Service for them.
      Given the Pod "basicserver" runs from "pod.yaml"
      And "service.yaml" is applied
      Then within 60 seconds the Service "basicserver" selects no Pod
      And "kubectl expose pod basicserver --port 80 --target-port 5000" fails with "the pod has no labels and cannot be exposed"
      When I run "kubectl label pod basicserver app=basicserver"
      Then within 60 seconds the Service "basicserver" sends to the Pod "basicserver"
