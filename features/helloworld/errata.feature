Feature: Errata of the lab helloworld
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: The server is put into an image

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

  Rule: The server runs in a Pod
    Background:
      Given the image "ubuntu/helloworld" is on every node

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

  Rule: All Pods are deleted
    Background:
      Given the image "ubuntu/helloworld" is on every node
      And the Pod "hello" runs from "podkv.yaml"
      And the Pod "hello" has logged "Server running"
      And the Pod "bb" runs busybox

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
