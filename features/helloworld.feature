Feature: Hello World, from a server on the learner's machine to Pods in a cluster
  A Node.js server answers "Hello World". The learner runs it by hand, then in a container, then as a Pod of a kind
  cluster, asks it from another Pod, gives it another port, and deletes all Pods in the end.

  Rule: The server runs on the learner's machine

    Scenario: The learner writes the application into a folder of its own
      When I run:
        """
        cd
        mkdir helloworld
        cd helloworld
        """
      And I run:
        """
        tee package.json <<EOF
        {
          "name": "helloworld",
          "version": "1.0.0",
          "private": true,
          "scripts": {
            "start": "node helloworld.js"
          }
        }
        EOF
        """
      Then the file "package.json" is the lab's own
      And "pwd" prints "/helloworld"

    Scenario: The server starts on the port it is given and ends when it is killed
      Given port 3001 is free
      And the lab's files are in the folder "helloworld"
      And I have run "npm install"
      When I run:
        """
        export port=3001
        npm start $port &
        """
      Then within 30 seconds "curl http://127.0.0.1:$port" prints "Hello World"
      When I run "kill -9 $(lsof -i :$port | awk 'NR==2 {print $2}')"
      Then within 10 seconds "curl http://127.0.0.1:$port" fails with "Failed to connect"

  Rule: The server runs in a container

    @erratum
    Scenario: A Dockerfile written with an unquoted EOF loses its line break, not its blanks
      # The document shows the two lines joined by one blank.
      When I run:
        """
        tee Dockerfile <<EOF
        RUN apt-get update \
            && rm -rf /var/lib/apt/lists/*
        EOF
        """
      Then "grep -c 'update     && rm' Dockerfile" prints "1"

    Scenario: The image builds from the lab's Dockerfile
      Given the image "ubuntu/helloworld" is built
      And the lab's files are in the folder "helloworld"
      When I run:
        """
        cd $HOME/helloworld
        docker build -t ubuntu/helloworld .
        """
      Then the engine has the image "ubuntu/helloworld"

    @erratum
    Scenario: The build gives the image the name that was asked for
      # The document shows "Successfully tagged ubuntu/hellowold:latest".
      Given the image "ubuntu/helloworld" is built
      And the lab's files are in the folder "helloworld"
      When I run "docker build -t ubuntu/helloworld ."
      Then it does not print "hellowold"
      And "docker image inspect ubuntu/hellowold" fails with "No such image"

    Scenario: A container answers on the published port until it is stopped
      Given port 3002 is free
      And no container is called "hello"
      And the image "ubuntu/helloworld" is built
      When I run:
        """
        export port=3001
        export exposed_port=3002
        docker run -d --rm --name hello -p $exposed_port:$port ubuntu/helloworld $port
        """
      Then it prints "[ID]"
      And the container "hello" runs the image "ubuntu/helloworld"
      And within 30 seconds "curl http://127.0.0.1:$exposed_port" prints "Hello World"
      When I run "docker stop hello"
      Then it prints "hello"
      And within 15 seconds the container "hello" is gone

    Scenario: By default the image's server listens on port 3000
      Given the image "ubuntu/helloworld" is built
      And a container of the image "ubuntu/helloworld"
      Then within 30 seconds its port 3000 answers "Hello World"

    Scenario: An argument moves the image's server to another port
      Given the image "ubuntu/helloworld" is built
      And a container of the image "ubuntu/helloworld" with the arguments "3005"
      Then within 30 seconds its port 3005 answers "Hello World"

  Rule: The server runs in a Pod
    Background:
      Given the image "ubuntu/helloworld" is on every node

    Scenario: kind loads the image into every node
      When I run "kind load docker-image ubuntu/helloworld:latest --name demo"
      Then every node has the image "ubuntu/helloworld"

    Scenario: kubectl writes the manifest, and the Pod runs from it
      When I run:
        """
        kubectl run hello --image=ubuntu/helloworld --image-pull-policy=Never --dry-run=client -o yaml > pod.yaml
        cat pod.yaml
        """
      Then the file "pod.yaml" is the lab's own
      When I run "kubectl create -f pod.yaml"
      Then it prints "pod/hello created"
      And within 60 seconds the Pod "hello" is ready
      And the Pod "hello" runs the image "ubuntu/helloworld"

    Scenario: The Pod is listed
      Given the Pod "hello" runs from "pod.yaml"
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE
        hello   1/1     Running   0          [AGE]
        """
      When I run "kubectl get pod hello -o wide"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE    IP     NODE     NOMINATED NODE   READINESS GATES
        hello   1/1     Running   0          [AGE]  [IP]   [NODE]   <none>           <none>
        """

    Scenario: The Pod is listed in the namespace default
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl get pods -n default"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE
        hello   1/1     Running   0          [AGE]
        """
      When I run "kubectl get pod hello -o wide  -n default"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE    IP     NODE     NOMINATED NODE   READINESS GATES
        hello   1/1     Running   0          [AGE]  [IP]   [NODE]   <none>           <none>
        """

    Scenario: The Pod is described
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl describe pod hello -n default"
      Then it prints:
        """
        [...]
        """

    Scenario: The Pod's log tells where the server listens
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl logs hello -n default"
      Then it prints "Server running at http://0.0.0.0:3000/"

  Rule: Another Pod asks the server
    Background:
      Given the image "ubuntu/helloworld" is on every node

    Scenario: busybox is pulled and sleeps
      When I run "kubectl run bb --image=busybox -- sleep 36000"
      Then it prints "pod/bb created"
      And within 60 seconds the Pod "bb" is ready
      And the Pod "bb" pulled the image "busybox"

    Scenario: busybox fetches Hello World from the Pod's address
      Given the Pod "hello" runs from "pod.yaml"
      And the Pod "bb" runs busybox
      When I run:
        """
        export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
        echo $helloip
        """
      Then it prints "[IP:helloip]"
      When I run "kubectl exec bb -- wget -O -  http://$helloip:3000"
      Then it prints "Hello World"
      And it prints "Connecting to [=helloip]:3000 ([=helloip]:3000)" on standard error
      And it prints "written to stdout" on standard error

  Rule: Other arguments move the server to port 3001
    Background:
      Given the image "ubuntu/helloworld" is on every node

    Scenario: The Pod is made anew with other arguments
      Given the lab's files are in the folder "helloworld"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl delete -f podkv.yaml"
      Then within 60 seconds the Pod "hello" is gone
      When I run "kubectl apply -f podkv.yaml"
      Then it prints "pod/hello created"
      And within 60 seconds the Pod "hello" is ready

    Scenario: Port 3001 answers and port 3000 refuses
      Given the Pod "hello" runs from "podkv.yaml"
      And the Pod "bb" runs busybox
      When I run:
        """
        export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
        echo $helloip
        """
      Then it prints "[IP:helloip]"
      And "kubectl exec bb -- wget -O -  http://$helloip:3001" prints "Hello World"
      When I try "kubectl exec bb -- wget -O -  http://$helloip:3000"
      Then it fails with "wget: can't connect to remote host ([=helloip]): Connection refused"
      And it fails with "command terminated with exit code 1"
      And its exit status is 1

  Rule: All Pods are deleted

    @erratum
    Scenario: A list with commas asks for a Pod that is called ","
      # The document's separator is " , ": all Pods are deleted, and kubectl complains about a Pod that nobody made.
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "pod.yaml"
      And the Pod "bb" runs busybox
      When I run:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" , "}}{{end}}')"
        echo $podlist
        """
      Then it prints "bb , hello ,"
      When I try "kubectl delete pods $podlist"
      Then it fails with "Error from server (NotFound): pods \",\" not found"
      And within 60 seconds no Pods remain
      When I run "kubectl get pods"
      Then it prints "No resources found in [NODE] namespace." on standard error

    Scenario: A list with blanks deletes all Pods
      Given the Pod "bb" runs busybox
      And the Pod "cc" runs busybox
      When I run:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" "}}{{end}}')"
        kubectl delete pods $podlist
        """
      Then within 60 seconds no Pods remain
