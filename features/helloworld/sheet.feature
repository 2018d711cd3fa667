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
        tee helloworld.js <<"EOF"
        // Answers every request with a greeting. Its only argument is the port.
        const { createServer } = require('node:http');

        const [port] = process.argv.slice(2);

        const server = createServer((request, response) => {
          response.writeHead(200, { 'Content-Type': 'text/plain' });
          response.end('Hello World\n');
        });

        server.listen(Number(port), '0.0.0.0', () => {
          console.log(`Server running at http://0.0.0.0:${port}/`);
        });
        EOF
        """
      Then the file "helloworld.js" is the lab's own
      And "echo $PWD" prints "/home/helloworld"

    Scenario: The learner lists the application's dependencies and installs them
      Given the lab's files are in the folder "helloworld"
      When I run:
        """
        cd $HOME/helloworld
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
        npm install
        """
      Then it prints "found 0 vulnerabilities"
      And the file "package.json" is the lab's own

    Scenario: The server starts on the port it is given and ends when it is killed
      Given port 3001 is free
      And the terminal sees its own processes only
      And the lab's files are in the folder "helloworld"
      When I run:
        """
        export port=3001
        npm start $port &
        """
      Then within 60 seconds "curl http://127.0.0.1:$port" succeeds
      And it prints "Hello World"
      When I run "kill -9 $(lsof -i :$port | awk 'NR==2 {print $2}')"
      Then within 60 seconds "curl http://127.0.0.1:$port" fails with "Failed to connect"

  Rule: The server is put into an image

    Scenario: The learner writes the Dockerfile
      When I run:
        """
        tee Dockerfile <<EOF
        FROM node:20-slim

        WORKDIR /opt/microservices
        COPY package.json helloworld.js ./

        RUN npm install
        RUN apt-get update \
            && rm -rf /var/lib/apt/lists/*

        ENTRYPOINT ["npm", "start"]
        CMD ["3000"]
        EOF
        """
      And I run "cat Dockerfile"
      Then it prints:
        """
        FROM node:20-slim

        WORKDIR /opt/microservices
        COPY package.json helloworld.js ./

        RUN npm install
        RUN apt-get update && rm -rf /var/lib/apt/lists/*

        ENTRYPOINT ["npm", "start"]
        CMD ["3000"]
        """

    Scenario: The image builds from the lab's Dockerfile
      Given the image "ubuntu/helloworld" is built
      And the lab's files are in the folder "helloworld"
      When I run:
        """
        cd $HOME/helloworld
        docker build -t ubuntu/helloworld .
        """
      Then the engine has the image "ubuntu/helloworld"

  Rule: The server runs in a container
    Background:
      Given the image "ubuntu/helloworld" is built

    Scenario: A container answers on the published port
      Given port 3002 is free
      And no container is called "hello"
      When I run:
        """
        export port=3001
        export exposed_port=3002
        docker run -d --rm --name hello -p $exposed_port:$port ubuntu/helloworld $port
        """
      Then it prints "[ID]"
      And the container "hello" runs the image "ubuntu/helloworld"
      And within 60 seconds "curl http://127.0.0.1:$exposed_port" succeeds
      And it prints "Hello World"

    Scenario: A container that is stopped is gone
      Given no container is called "hello"
      And I have run "docker run -d --rm --name hello ubuntu/helloworld 3001"
      Then the container "hello" runs the image "ubuntu/helloworld"
      And within 60 seconds "docker logs hello" prints "Server running"
      When I run "docker stop hello"
      Then it prints "hello"
      And within 60 seconds the container "hello" is gone

    Scenario: By default the image's server listens on port 3000
      Given a container of the image "ubuntu/helloworld"
      Then within 60 seconds its port 3000 answers "Hello World"

    Scenario: An argument moves the image's server to another port
      Given a container of the image "ubuntu/helloworld" with the arguments "3005"
      Then within 60 seconds its port 3005 answers "Hello World"

  Rule: The server runs in a Pod
    Background:
      Given the image "ubuntu/helloworld" is on every node

    Scenario: kind loads the image into every node
      Given the cluster is called "demo"
      When I run "kind load docker-image ubuntu/helloworld:latest --name demo"
      Then it prints "Image: \"ubuntu/helloworld:latest\" with ID \"[ID]\"" on standard error
      And every node has the image "ubuntu/helloworld"

    Scenario: kubectl writes the manifest, and the Pod runs from it
      When I run:
        """
        kubectl run hello --image=ubuntu/helloworld --image-pull-policy=Never --dry-run=client -o yaml > pod.yaml
        cat pod.yaml
        """
      Then it prints the file "run-hello-dry-run.txt"
      And the file "pod.yaml" is the lab's own
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

    Scenario: The Pod is listed in the namespace default, with its node and its address
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl get pods -n default"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE
        hello   1/1     Running   0          [AGE]
        """
      When I run "kubectl get pod hello -o wide -n default"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE    IP     NODE     NOMINATED NODE   READINESS GATES
        hello   1/1     Running   0          [AGE]  [IP]   [NODE]   <none>           <none>
        """

    Scenario: The Pod is described, with its events
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      Then within 60 seconds an event of the Pod "hello" says "[to 1.34: Started container hello][from 1.35: Container started]"
      When I run "kubectl describe pod hello -n default"
      Then it prints the file "describe-pod-hello.txt"

    Scenario: The Pod is shown as the cluster keeps it
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl get pod hello -n default -o yaml"
      Then it prints the file "get-pod-hello-yaml.txt"

    Scenario: The Pod's log tells where the server listens
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      And the Pod "hello" has logged "Server running"
      When I run "kubectl logs hello -n default"
      Then it prints:
        """

        > helloworld@1.0.0 start
        > node helloworld.js 3000

        Server running at http://0.0.0.0:3000/
        """

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
      And the Pod "hello" has logged "Server running"
      And the Pod "bb" runs busybox
      When I run:
        """
        export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
        echo $helloip
        """
      Then it prints "[IP:helloip]"
      And "kubectl exec bb -- wget -O -  http://$helloip:3000" prints "Hello World"
      And it prints on standard error:
        """
        Connecting to [=helloip]:3000 ([=helloip]:3000)
        writing to stdout
        -                    100% |********************************|    12  0:00:00 ETA
        written to stdout
        """

  Rule: Other arguments move the server to port 3001

    Scenario: The learner writes a manifest with other arguments
      When I run:
        """
        tee podkv.yaml <<EOF
        # The lab's Pod; its command is the image's ENTRYPOINT, and its argument is another port.
        apiVersion: v1
        kind: Pod
        metadata:
          labels:
            run: hello
          name: hello
        spec:
          containers:
          - image: ubuntu/helloworld
            imagePullPolicy: Never
            name: hello
            resources: {}
            command:
            - npm
            - start
            args:
            - "3001"
          dnsPolicy: ClusterFirst
          restartPolicy: Always
        EOF
        """
      Then the file "podkv.yaml" is the lab's own
      And "kubectl apply --dry-run=server -f podkv.yaml" prints "pod/hello created (server dry run)"

  Rule: The Pod is made anew
    Background:
      Given the image "ubuntu/helloworld" is on every node
      And the lab's files are in the folder "helloworld"
      And the Pod "hello" runs from "pod.yaml"
      And the Pod "hello" has logged "Server running"

    Scenario: The Pod is made anew with other arguments
      When I run "kubectl delete -f podkv.yaml"
      Then within 60 seconds the Pod "hello" is gone
      When I run "kubectl apply -f podkv.yaml"
      Then it prints "pod/hello created"
      And within 60 seconds the Pod "hello" is ready

  Rule: The new port is used
    Background:
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "podkv.yaml"
      And the Pod "hello" has logged "Server running"
      And the Pod "bb" runs busybox

    Scenario: Both Pods are listed as running
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME    READY   STATUS    RESTARTS   AGE
        bb      1/1     Running   0          [AGE]
        hello   1/1     Running   0          [AGE]
        """

    Scenario: Port 3001 answers and port 3000 refuses
      When I run:
        """
        export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
        echo $helloip
        """
      Then it prints "[IP:helloip]"
      And "kubectl exec bb -- wget -O -  http://$helloip:3001" prints "Hello World"
      And it prints on standard error:
        """
        Connecting to [=helloip]:3001 ([=helloip]:3001)
        writing to stdout
        -                    100% |********************************|    12  0:00:00 ETA
        written to stdout
        """
      When I try "kubectl exec bb -- wget -O -  http://$helloip:3000"
      Then it fails with:
        """
        Connecting to [=helloip]:3000 ([=helloip]:3000)
        wget: can't connect to remote host ([=helloip]): Connection refused
        command terminated with exit code 1
        """
      And its exit status is 1

  Rule: All Pods are deleted
    Background:
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "podkv.yaml"
      And the Pod "hello" has logged "Server running"
      And the Pod "bb" runs busybox

    Scenario: All Pods are put on a list
      When I run:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" , "}}{{end}}')"
        echo $podlist
        """
      Then it prints:
        """
        bb , hello ,
        """

    Scenario: All Pods on the list are deleted
      When I run:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" , "}}{{end}}')"
        echo $podlist
        """
      And I try "kubectl delete pods $podlist"
      Then it fails with "Error from server (NotFound): pods \",\" not found"
      And within 60 seconds no Pods remain
      When I run "kubectl get pods"
      Then it prints on standard error:
        """
        No resources found in [NAME] namespace.
        """

    Scenario: A list with blanks deletes all Pods and waits for their end
      When I run:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" "}}{{end}}')"
        kubectl delete pods $podlist
        """
      And I run "kubectl get pods"
      Then it prints on standard error:
        """
        No resources found in [NAME] namespace.
        """
