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
        # Greets the name in its first argument, or otherwise the world, on port 5000.

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

    Scenario: kubectl port-forward forwards until it is interrupted
      Given port 5000 is free
      And the Pod "basicserver2" runs from "pod2.yaml"
      When I open a session with "kubectl port-forward basicserver2 5000:5000"
      Then within 60 seconds the session shows "Forwarding from 127.0.0.1:5000 -> 5000"
      When I press Ctrl-C
      Then within 60 seconds the session ends
      And "curl http://localhost:5000" fails with "Failed to connect"

  Rule: The third Pod gives the server a greeting by its environment

    Scenario: The learner writes a server that takes its greeting from the environment
      When I run:
        """
        mkdir 0.44
        tee 0.44/basicserver3.py <<"EOF"
        # Greets with the word in the variable GREETING, by default Hello, and the name in its first argument, by default the world.

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
