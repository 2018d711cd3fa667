Feature: basicserver, a Flask server that is told in its Pod whom to greet
  A Flask server answers "Hello, World!" on port 5000. The learner gives it a target by an argument and a greeting by the
  environment, asks it from the learner's own machine, puts other containers into its Pod, has a ReplicaSet make its Pods
  anew, and asks it from another Pod by the name of a Service.

  Rule: Each server is put into an image

    Scenario: The learner writes a server that greets whom its first argument names
      When I run:
        """
        mkdir 0.43
        tee 0.43/basicserver2.py <<"EOF"
        # Greets whom its first argument names, or else the world, on port 5000.

        import sys

        from flask import Flask

        server = Flask(__name__)
        target = sys.argv[1] if len(sys.argv) > 1 else "World"


        @server.get("/")
        def greet():
            return f"Hello, {target}!"


        if __name__ == "__main__":
            server.run(host="0.0.0.0")
        EOF
        """
      Then the file "0.43/basicserver2.py" is the lab's own

    Scenario: The learner writes a Dockerfile with one line more than before
      Given the lab's files are in the folder "basicserver"
      When I run:
        """
        tee 0.43/Dockerfile <<"EOF"
        FROM python:3

        RUN mkdir /opt/app \
            && python3 -m venv /opt/venv \
            && /opt/venv/bin/pip install flask

        COPY basicserver.py /opt/app
        COPY basicserver2.py /opt/app

        EXPOSE 5000/tcp

        CMD ["/opt/venv/bin/python", "/opt/app/basicserver.py"]
        EOF
        """
      Then the file "0.43/Dockerfile" is the lab's own
      When I run "diff 0.42/Dockerfile 0.43/Dockerfile | grep '^[<>]'"
      Then it prints:
        """
        > COPY basicserver2.py /opt/app
        """

    Scenario: The image with the second server builds
      Given the image "basicserver:0.43" is built
      And the lab's files are in the folder "basicserver"
      When I run:
        """
        cd 0.43
        docker build -t basicserver:0.43 .
        """
      Then the engine has the image "basicserver:0.43"

    Scenario: The image declares port 5000 and has a CMD, but no ENTRYPOINT
      Given the image "basicserver:0.43" is built
      When I run:
        """
        docker image inspect basicserver:0.43 \
          -f '{{json .Config.ExposedPorts}} {{json .Config.Cmd}} {{json .Config.Entrypoint}}'
        """
      Then it prints:
        """
        {"5000/tcp":{}} ["/opt/venv/bin/python","/opt/app/basicserver.py"] null
        """

    Scenario: Without arguments the image runs the first server still
      Given the image "basicserver:0.43" is built
      And a container of the image "basicserver:0.43"
      Then within 60 seconds its port 5000 answers "Hello, World!"

    Scenario: The second server greets the world, unless it is given a target
      Given the image "basicserver:0.43" is built
      And a container of the image "basicserver:0.43" with the arguments "/opt/venv/bin/python /opt/app/basicserver2.py"
      Then within 60 seconds its port 5000 answers "Hello, World!"

  Rule: The first Pod gives the server nothing
    Background:
      Given the image "basicserver:0.42" is on every node

    Scenario: The server greets the world
      Given port 5001 is free
      And the Pod "basicserver" runs from "pod.yaml"
      And the Pod "basicserver" has logged "Running on http://127.0.0.1:5000"
      Then the Pod "basicserver" runs the image "basicserver:0.42"
      When I open a session with "kubectl port-forward basicserver 5001:5000"
      Then within 60 seconds the session shows "Forwarding from 127.0.0.1:5001 -> 5000"
      And "curl http://localhost:5001" prints "Hello, World!"

  Rule: The second Pod gives the server a target by its arguments
    Background:
      Given the image "basicserver:0.43" is on every node

    Scenario: The learner writes a Pod that runs the second server
      When I run:
        """
        tee pod2.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: basicserver2
        spec:
          containers:
          - image: basicserver:0.43
            args:
            - /opt/venv/bin/python
            - /opt/app/basicserver2.py
            - Universe
            name: basicserver
        EOF
        """
      Then the file "pod2.yaml" is the lab's own
      When I run "kubectl create -f pod2.yaml"
      Then it prints "pod/basicserver2 created"
      And within 60 seconds the Pod "basicserver2" is ready
      And the Pod "basicserver2" runs the image "basicserver:0.43"
      And within 60 seconds an event of the Pod "basicserver2" says "Container image \"basicserver:0.43\" already present on machine"

    Scenario: The server greets the universe on port 5000 of the learner's machine
      Given port 5000 is free
      And the Pod "basicserver2" runs from "pod2.yaml"
      And the Pod "basicserver2" has logged "Running on http://127.0.0.1:5000"
      When I open a session with "kubectl port-forward basicserver2 5000:5000"
      Then within 60 seconds the session shows:
        """
        Forwarding from 127.0.0.1:5000 -> 5000
        Forwarding from [::1]:5000 -> 5000
        """
      When I run "curl http://localhost:5000"
      Then it prints:
        """
        Hello, Universe!
        """

    Scenario: The target alone is taken for the command
      Given "target-alone.yaml" is applied
      Then within 60 seconds an event of the Pod "basicserver2" says "exec: \"Universe\": executable file not found in $PATH"
      And within 60 seconds the Pod "basicserver2" has the status "CrashLoopBackOff"

    @erratum
    Scenario: A manifest has to be saved before kubectl can read it
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

    Scenario: kubectl port-forward forwards until it is interrupted
      Given port 5000 is free
      And the Pod "basicserver2" runs from "pod2.yaml"
      When I open a session with "kubectl port-forward basicserver2 5000:5000"
      Then within 60 seconds the session shows "Forwarding from 127.0.0.1:5000 -> 5000"
      When I press Ctrl-C
      Then within 60 seconds the session ends
      And "curl http://localhost:5000" fails with "Failed to connect"

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

    Scenario: The learner writes a server that takes its greeting from the environment
      When I run:
        """
        mkdir 0.44
        tee 0.44/basicserver3.py <<"EOF"
        # Greets with the word in the variable GREETING, or else with Hello, whom its first argument names, or else the world.

        import os
        import sys

        from flask import Flask

        server = Flask(__name__)
        greeting = os.environ.get("GREETING", "Hello")
        target = sys.argv[1] if len(sys.argv) > 1 else "World"


        @server.get("/")
        def greet():
            return f"{greeting}, {target}!"


        if __name__ == "__main__":
            server.run(host="0.0.0.0")
        EOF
        """
      Then the file "0.44/basicserver3.py" is the lab's own

    Scenario: The learner adds the third server's line to the Dockerfile
      Given the lab's files are in the folder "basicserver"
      When I run:
        """
        cp 0.43/Dockerfile 0.44/Dockerfile
        sed -i '/^COPY basicserver2.py/a COPY basicserver3.py /opt/app' 0.44/Dockerfile
        """
      Then the file "0.44/Dockerfile" is the lab's own

    Scenario: The image with the third server builds
      Given the image "basicserver:0.44" is built
      And the lab's files are in the folder "basicserver"
      When I run:
        """
        cd 0.44
        docker build -t basicserver:0.44 .
        """
      Then the engine has the image "basicserver:0.44"

    Scenario: Without the variable the third server says Hello
      Given the image "basicserver:0.44" is built
      And a container of the image "basicserver:0.44" with the arguments "/opt/venv/bin/python /opt/app/basicserver3.py Universe"
      Then within 60 seconds its port 5000 answers "Hello, Universe!"

    Scenario: With the variable the third server says Hi
      Given the image "basicserver:0.44" is on every node
      And port 5003 is free
      And the Pod "basicserver3" runs from "pod3.yaml"
      And the Pod "basicserver3" has logged "Running on http://127.0.0.1:5000"
      When I open a session with "kubectl port-forward basicserver3 5003:5000"
      Then within 60 seconds the session shows "Forwarding from 127.0.0.1:5003 -> 5000"
      And "curl http://localhost:5003" prints "Hi, Universe!"

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

    Scenario: A Pod has at least one container
      When I try:
        """
        kubectl create -f - <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: basicserver
        spec:
          containers: []
        EOF
        """
      Then it fails with:
        """
        The Pod "basicserver" is invalid: spec.containers: Required value
        """

    Scenario: A container reaches the server of its Pod at localhost
      Given the Pod "together" runs from "together.yaml"
      Then within 60 seconds the log of the container "basicserver" of the Pod "together" shows "Running on http://127.0.0.1:5000"
      When I run "kubectl exec together -c reader -- wget -q -O - http://localhost:5000"
      Then it prints:
        """
        Hello, World!
        """

    Scenario: Two containers of a Pod cannot have the same port
      Given "same-port.yaml" is applied
      Then within 60 seconds the container "second" of the Pod "same-port" has ended with "exit code 1, Error"
      And within 60 seconds the log of the container "second" of the Pod "same-port" shows "Port 5000 is in use by another program"

    @erratum
    Scenario: A container sees only the volumes that it mounts
      # The document says that all containers of a Pod see the same volumes.
      Given the Pod "together" runs from "together.yaml"
      Then within 60 seconds "kubectl exec together -c reader -- cat /shared/target" prints "Universe"
      And in the container "basicserver" of the Pod "together" "ls /shared" fails with "No such file or directory"

  Rule: An init container runs before the containers of its Pod
    Background:
      Given the image "basicserver:0.42" is on every node

    Scenario: The init container dumps what the server says, and only then the main container starts
      Given the lab's files are in the folder "basicserver"
      And "backup.yaml" is applied
      Then within 60 seconds the Pod "backup" has the status "Init:0/1"
      And "kubectl logs backup -c backup" fails with "container \"backup\" in pod \"backup\" is waiting to start: PodInitializing"
      When I run "kubectl create -f labelled.yaml -f service.yaml"
      Then within 60 seconds the Pod "backup" is ready
      And in the Pod "backup" "cat /backup/data" prints "Hello, World!"

  Rule: A ReplicaSet keeps up the number of its Pods
    Background:
      Given the image "basicserver:0.42" is on every node

    Scenario: A Pod of its own that is deleted stays away
      Given the Pod "basicserver" runs from "labelled.yaml"
      When I run "kubectl delete pod basicserver --now"
      Then within 60 seconds the Pod "basicserver" is gone
      And for 5 seconds there is no Pod "basicserver"

    Scenario: A Pod of a ReplicaSet that is deleted is replaced
      Given "replicaset.yaml" is applied
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      When I run:
        """
        export lost="$(kubectl get pods -l app=basicserver -o name | head -n 1)"
        kubectl delete $lost
        """
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      And "kubectl get $lost" fails with "NotFound"
      And within 60 seconds "kubectl get replicaset basicserver" prints "basicserver  2  2  2  [AGE]"

  Rule: A Service reaches the server by a name
    Background:
      Given the image "basicserver:0.42" is on every node

    Scenario: Another Pod reaches the server by the name of the Service
      Given the Pod "basicserver" runs from "labelled.yaml"
      And "service.yaml" is applied
      And the Pod "bb" runs busybox
      Then within 60 seconds the Service "basicserver" sends to the Pod "basicserver"
      And within 60 seconds "kubectl exec bb -- wget -q -O - http://basicserver" prints "Hello, World!"

    Scenario: The Service reaches the Pods of a ReplicaSet, also those that are made anew
      Given "replicaset.yaml" is applied
      And "service.yaml" is applied
      And the Pod "bb" runs busybox
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      When I run "kubectl delete pods -l app=basicserver"
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      And within 60 seconds "kubectl exec bb -- wget -q -O - http://basicserver" prints "Hello, World!"

    @erratum
    Scenario: No Service can select the chapter's Pod, which has no labels
      # The document gives its Pods no labels, and then wants a Service for them.
      Given the Pod "basicserver" runs from "pod.yaml"
      And "service.yaml" is applied
      Then within 60 seconds the Service "basicserver" selects no Pod
      And "kubectl expose pod basicserver --port 80 --target-port 5000" fails with "the pod has no labels and cannot be exposed"
      When I run "kubectl label pod basicserver app=basicserver"
      Then within 60 seconds the Service "basicserver" sends to the Pod "basicserver"

  Rule: What a learner hands in is graded

    @points:2 @task:arguments
    Scenario: The learner's Pod greets the universe with Hi
      Hint: the arguments are the whole command, the server's file and the target; basicserver2.py reads no variable.
      Given the image "basicserver:0.44" is on every node
      And the Pod "basicserver3" runs from "pod3.yaml"
      And the Pod "asker" runs busybox
      When I run "podip=$(kubectl get pod basicserver3 -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:5000" succeeds
      And it prints:
        """
        Hi, Universe!
        """
      And the Pod "basicserver3" runs the image "basicserver:0.44"
      And in the Pod "basicserver3" "cat /proc/1/cmdline" prints "basicserver3.py"

    @points:1 @task:environment @lenient
    Scenario: The learner's Pod has the greeting in its environment
      Hint: "env" of the container gives the variable GREETING to all that runs in it.
      Given the image "basicserver:0.44" is on every node
      And the Pod "basicserver3" runs from "pod3.yaml"
      When I run "kubectl exec basicserver3 -- env | grep '^GREETING='"
      Then it prints:
        """
        GREETING=Hi
        """

    @points:2 @task:replicaset
    Scenario: The learner's ReplicaSet makes two servers anew
      Hint: "kubectl get replicasets" tells how many Pods are wanted, and how many there are.
      Given the image "basicserver:0.44" is on every node
      And "replicaset3.yaml" is applied
      And the Pod "asker" runs busybox
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      When I run "kubectl delete pods -l app=basicserver --now"
      Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
      And "kubectl get replicasets -o jsonpath='{range .items[*]}wants {.spec.replicas}.{end}'" prints "wants 2."
      When I run "kubectl get pods -l app=basicserver -o jsonpath='{.items[*].spec.containers[*].image}'"
      Then it prints "basicserver:0.44 [...]basicserver:0.44"
      And it does not print "busybox"
      When I run "podip=$(kubectl get pods -l app=basicserver -o jsonpath='{.items[0].status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:5000" prints "Hi, Universe!"

    @points:2 @task:service
    Scenario: The learner's Service leads from its port 80 to port 5000 of a Pod
      Hint: the Service needs the label that the Pods have, and the port that they listen on as its targetPort.
      Given "service.yaml" is applied
      And the Pod "answers" runs from "answers.yaml"
      And the Pod "asker" runs busybox
      Then within 20 seconds the Service "basicserver" sends to the Pod "answers"
      And within 20 seconds "timeout 10 kubectl exec asker -- wget -q -O - http://basicserver/hostname" prints "answers"
