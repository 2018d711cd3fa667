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
        // Answers every request with a greeting, on the port that is given as the only argument.
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
      And "grep -c 'update && rm' Dockerfile" fails with "0"

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

    @erratum
    Scenario: The image's command is npm start with the argument 3000
      # The document says that ENTRYPOINT is [npm star].
      Given the image "ubuntu/helloworld" is built
      When I run "docker image inspect -f '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' ubuntu/helloworld"
      Then it prints:
        """
        ["npm","start"] ["3000"]
        """

    @erratum
    Scenario: The image declares no port
      # The document says that its Dockerfile exposes the port 3000; it has no EXPOSE, and 3000 is only an argument.
      Given the image "ubuntu/helloworld" is built
      When I run "docker image inspect -f '{{json .Config.ExposedPorts}}' ubuntu/helloworld"
      Then it prints:
        """
        null
        """

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
      Then it prints:
        """
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
          dnsPolicy: ClusterFirst
          restartPolicy: Always
        status: {}
        """
      And the file "pod.yaml" is the lab's own
      When I run "kubectl create -f pod.yaml"
      Then it prints "pod/hello created"
      And within 60 seconds the Pod "hello" is ready
      And the Pod "hello" runs the image "ubuntu/helloworld"

    @erratum
    Scenario: kubectl writes no empty creation time into a manifest
      # The document shows "creationTimestamp: null" beneath "metadata:"; kubectl 1.34 leaves it out.
      When I run "kubectl run hello --image=ubuntu/helloworld --image-pull-policy=Never --dry-run=client -o yaml"
      Then it prints:
        """
        apiVersion: v1
        kind: Pod
        metadata:
          labels:
            run: hello
        [...]
        """
      And it does not print "creationTimestamp"

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
      Then it prints:
        """
        Name:             hello
        Namespace:        default
        Priority:         0
        Service Account:  default
        Node:             [NODE]/[IP]
        Start Time:       [TIME]
        Labels:           run=hello
        Annotations:      <none>
        Status:           Running
        IP:               [IP:podip]
        IPs:
          IP:  [=podip]
        Containers:
          hello:
            Container ID:   containerd://[ID]
            Image:          ubuntu/helloworld
            Image ID:       [...]sha256:[ID]
            Port:           <none>
            Host Port:      <none>
            State:          Running
              Started:      [TIME]
            Ready:          True
            Restart Count:  0
            Environment:    <none>
            Mounts:
              /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-[NAME] (ro)
        Conditions:
          Type                        Status
          PodReadyToStartContainers   True
          Initialized                 True
          Ready                       True
          ContainersReady             True
          PodScheduled                True
        Volumes:
          kube-api-access-[NAME]:
            Type:                    Projected (a volume that contains injected data from multiple sources)
            TokenExpirationSeconds:  3607
            ConfigMapName:           kube-root-ca.crt
            Optional:                false
            DownwardAPI:             true
        QoS Class:                   BestEffort
        Node-Selectors:              <none>
        Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                                     node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
        Events:
          Type    Reason     Age    From               Message
          ----    ------     ----   ----               -------
          Normal  Scheduled  [AGE]  default-scheduler  Successfully assigned default/hello to [NODE]
        [...]
          Normal  Pulled     [AGE]  kubelet            [from 1.35: spec.containers{hello}: ]Container image "ubuntu/helloworld" already present on machine[from 1.35:  and can be accessed by the pod]
          Normal  Created    [AGE]  kubelet            [to 1.34: Created container: hello][from 1.35: spec.containers{hello}: Container created]
          Normal  Started    [AGE]  kubelet            [to 1.34: Started container hello][from 1.35: spec.containers{hello}: Container started]
        """

    Scenario: The Pod is shown as the cluster keeps it
      Given I work in the empty namespace "default"
      And the Pod "hello" runs from "pod.yaml"
      When I run "kubectl get pod hello -n default -o yaml"
      Then it prints:
        """
        apiVersion: v1
        kind: Pod
        metadata:
          creationTimestamp: "[TIME]"
          generation: 1
          labels:
            run: hello
          name: hello
          namespace: default
          resourceVersion: "[NUMBER]"
          uid: [ID]
        spec:
          containers:
          - image: ubuntu/helloworld
            imagePullPolicy: Never
            name: hello
            resources: {}
            terminationMessagePath: /dev/termination-log
            terminationMessagePolicy: File
            volumeMounts:
            - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
              name: kube-api-access-[NAME]
              readOnly: true
          dnsPolicy: ClusterFirst
          enableServiceLinks: true
          nodeName: [NODE]
          preemptionPolicy: PreemptLowerPriority
          priority: 0
          restartPolicy: Always
          schedulerName: default-scheduler
          securityContext: {}
          serviceAccount: default
          serviceAccountName: default
          terminationGracePeriodSeconds: 30
          tolerations:
          - effect: NoExecute
            key: node.kubernetes.io/not-ready
            operator: Exists
            tolerationSeconds: 300
          - effect: NoExecute
            key: node.kubernetes.io/unreachable
            operator: Exists
            tolerationSeconds: 300
          volumes:
          - name: kube-api-access-[NAME]
            projected:
              defaultMode: 420
              sources:
              - serviceAccountToken:
                  expirationSeconds: 3607
                  path: token
              - configMap:
                  items:
                  - key: ca.crt
                    path: ca.crt
                  name: kube-root-ca.crt
              - downwardAPI:
                  items:
                  - fieldRef:
                      apiVersion: v1
                      fieldPath: metadata.namespace
                    path: namespace
        status:
          conditions:
          - lastProbeTime: null
            lastTransitionTime: "[TIME]"
            observedGeneration: 1
            status: "True"
            type: PodReadyToStartContainers
          - lastProbeTime: null
            lastTransitionTime: "[TIME]"
            observedGeneration: 1
            status: "True"
            type: Initialized
          - lastProbeTime: null
            lastTransitionTime: "[TIME]"
            observedGeneration: 1
            status: "True"
            type: Ready
          - lastProbeTime: null
            lastTransitionTime: "[TIME]"
            observedGeneration: 1
            status: "True"
            type: ContainersReady
          - lastProbeTime: null
            lastTransitionTime: "[TIME]"
            observedGeneration: 1
            status: "True"
            type: PodScheduled
          containerStatuses:
          - containerID: containerd://[ID]
            image: docker.io/ubuntu/helloworld:latest
            imageID: [...]sha256:[ID]
            lastState: {}
            name: hello
            ready: true
            resources: {}
            restartCount: 0
            started: true
            state:
              running:
                startedAt: "[TIME]"
            user:
              linux:
                gid: 0
                supplementalGroups:
                - 0
                uid: 0
            volumeMounts:
            - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
              name: kube-api-access-[NAME]
              readOnly: true
              recursiveReadOnly: Disabled
          hostIP: [IP]
          hostIPs:
          - ip: [IP]
          observedGeneration: 1
          phase: Running
          podIP: [IP:podip]
          podIPs:
          - ip: [=podip]
          qosClass: BestEffort
          [from 1.36: resources: {}]
          startTime: "[TIME]"
        """

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

  Rule: Kubernetes and npm tell more, or tell it otherwise, than when the lab was written
    Background:
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "pod.yaml"

    @erratum
    Scenario: A Pod has a condition for its sandbox
      # The document shows four conditions: Initialized, Ready, ContainersReady and PodScheduled.
      When I run "kubectl describe pod hello"
      Then it prints:
        """
        [...]
        Conditions:
          Type                        Status
          PodReadyToStartContainers   True
          Initialized                 True
          Ready                       True
          ContainersReady             True
          PodScheduled                True
        Volumes:
        [...]
        """

    @erratum
    Scenario: A volume's ConfigMap is described as not optional
      # The document shows "ConfigMapOptional: <nil>".
      When I run "kubectl describe pod hello"
      Then it prints "Optional: false"
      And it does not print "ConfigMapOptional"
      And it does not print "<nil>"

    @erratum
    Scenario: The event of a created container has a colon
      # The document shows "Created container hello".
      Then within 60 seconds an event of the Pod "hello" says "[to 1.34: Created container: hello][from 1.35: Container created]"
      When I run "kubectl describe pod hello"
      Then it prints "Normal  Created  [AGE]  kubelet  [to 1.34: Created container: hello][from 1.35: spec.containers{hello}: Container created]"
      And it does not print "Created container hello"

    @erratum
    Scenario: A Pod counts the generations of its specification
      # The document shows neither "generation" nor "observedGeneration".
      When I run "kubectl get pod hello -o yaml"
      Then it prints "generation: 1"
      And it prints "observedGeneration: 1"

    @erratum
    Scenario: A Pod's status lists the addresses of its node, and the mounts and resources of its containers
      # The document's status has no "hostIPs", and its container status no "resources" and no "volumeMounts".
      When I run "kubectl get pod hello -o yaml"
      Then it prints:
        """
        [...]
            ready: true
            resources: {}
            restartCount: 0
        [...]
            volumeMounts:
            - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
              name: kube-api-access-[NAME]
              readOnly: true
              recursiveReadOnly: Disabled
          hostIP: [IP:hostip]
          hostIPs:
          - ip: [=hostip]
        [...]
        """

    @erratum
    Scenario: npm names the package and does not quote the port
      # The document shows "> @ start /opt/microservices" and "> node helloworld.js "3000"".
      Given the Pod "hello" has logged "Server running"
      When I run "kubectl logs hello"
      Then it prints "> helloworld@1.0.0 start"
      And it prints "> node helloworld.js 3000"
      And it does not print "/opt/microservices"

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

    @erratum
    Scenario: wget prints the answer and its progress on two streams
      # The document shows "Hello World" once before the progress and once after it: which is first, is chance.
      Given the Pod "hello" runs from "pod.yaml"
      And the Pod "hello" has logged "Server running"
      And the Pod "bb" runs busybox
      When I run:
        """
        export helloip="$(kubectl get pod hello -o go-template='{{(.status.podIP)}}')"
        echo $helloip
        """
      And I run "kubectl exec bb -- wget -O -  http://$helloip:3000 2> progress"
      Then it prints:
        """
        Hello World
        """
      And "cat progress" prints "written to stdout"

  Rule: Other arguments move the server to port 3001

    Scenario: The learner writes a manifest with other arguments
      When I run:
        """
        tee podkv.yaml <<EOF
        # The Pod of the lab, with the image's ENTRYPOINT kept as its command and another port as its argument.
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

    @erratum
    Scenario: The Pod that is called "," is not found twice
      # The document shows the complaint once; the list has a comma after each of the two names.
      When I try "kubectl delete pods bb , hello ,"
      Then it fails with:
        """
        Error from server (NotFound): pods "," not found
        Error from server (NotFound): pods "," not found
        """

    @erratum
    Scenario: kubectl tells the namespace of a Pod that it deletes
      # The document shows "pod "bb" deleted".
      When I run "kubectl delete pod bb hello"
      Then it prints:
        """
        pod "bb" deleted from [NAME:namespace] namespace
        pod "hello" deleted from [=namespace] namespace
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

  Rule: A program that ignores the signal to end is given 30 seconds

    @erratum
    Scenario: A list with commas keeps kubectl from waiting for the Pods' end
      # The document shows "No resources found in default namespace." next; "sleep" ends only after 30 seconds.
      When I run "kubectl run bb --image=busybox -- sleep 36000"
      Then within 60 seconds the Pod "bb" is ready
      When I try:
        """
        export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" , "}}{{end}}')"
        kubectl delete pods $podlist
        """
      Then it fails with "Error from server (NotFound): pods \",\" not found"
      And "kubectl get pods" prints "bb  1/1  Terminating  0  [AGE]"

  Rule: What a learner hands in is graded

    @points:1 @task:5
    Scenario: The learner's Dockerfile builds an image
      Hint: run "docker build -t ubuntu/helloworld ." in your folder and mend it until it ends well.
      Given the image "ubuntu/helloworld" is built
      Then the engine has the image "ubuntu/helloworld"

    @points:1 @task:9 @lenient @live
    Scenario: The learner's Pod runs the learner's image
      Hint: the Pod is called "hello", its image ubuntu/helloworld, and its imagePullPolicy keeps it from being pulled.
      Given the image "ubuntu/helloworld" is on every node
      And "pod.yaml" is applied
      Then within 60 seconds the Pod "hello" is ready
      And the Pod "hello" runs the image "ubuntu/helloworld"
      And within 30 seconds 1 Pods labelled "run=hello" are ready
      # One that ends at once is ready for a moment.
      When I run "sleep 4"
      Then "kubectl get pod hello -o jsonpath='{.status.containerStatuses[*].restartCount}'" prints "0"
      And within 1 second the Pod "hello" is ready

    @points:2 @task:14
    Scenario: The learner's server answers Hello World on port 3000
      Hint: ask it as the lab does, by wget from a busybox Pod; the image's CMD is the server's port.
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "pod.yaml"
      And the Pod "asker" runs busybox
      When I run "podip=$(kubectl get pod hello -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:3000" succeeds
      And it prints:
        """
        Hello World
        """
      And the Pod "hello" runs the image "ubuntu/helloworld"

    @points:2 @task:15
    Scenario: The learner's other arguments move the server to port 3001
      Hint: args of the container take the place of the image's CMD.
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "podkv.yaml"
      And the Pod "asker" runs busybox
      When I run "podip=$(kubectl get pod hello -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:3001" succeeds
      And it prints:
        """
        Hello World
        """
      And "kubectl exec asker -- wget -q -O - http://$podip:3000" fails with "Connection refused"
      And the Pod "hello" runs the image "ubuntu/helloworld"

    @points:1 @task:15 @hidden @lenient
    Scenario: The learner's server listens on whatever port it is given
      Hint: the port is an argument of the server, not a number in it.
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "other" runs from "other.yaml"
      And the Pod "asker" runs busybox
      When I run "podip=$(kubectl get pod other -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:4321/any/path" succeeds
      And it prints:
        """
        Hello World
        """
      # One that ends after a while, or after an answer, is started again.
      When I run "sleep 4"
      Then within 1 second the restart count of the Pod "other" is 0
      And within 5 seconds "kubectl exec asker -- wget -q -O - http://$podip:4321" prints "Hello World"

    @points:1 @task:18
    Scenario: The learner's commands delete all Pods
      Hint: "kubectl delete pods" takes the names with blanks between them.
      Given the Pod "one" runs busybox
      And the Pod "two" runs busybox
      When the task "18" is done
      Then within 60 seconds no Pods remain
