Feature: hello-pod, a Pod from its manifest to its end
  A web server that says "Kubernetes Rocks!" becomes a Pod. The learner writes a manifest of 13 lines, applies it, watches
  the Pod come up, looks at it with `kubectl get`, `describe`, `exec` and `logs`, and deletes it.

  Rule: A manifest describes the Pod

    Scenario: The learner writes a manifest of 13 lines
      When I run:
        """
        tee pod.yml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: hello-pod
          labels:
            zone: prod
            version: v1
        spec:
          containers:
          - name: hello-ctr
            image: nigelpoulton/k8sbook:latest
            ports:
            - containerPort: 8080
        EOF
        """
      Then the file "pod.yml" is the lab's own
      And "wc -l pod.yml" prints "13 pod.yml"
      And "kubectl apply --dry-run=server -f pod.yml" prints "pod/hello-pod created (server dry run)"

    Scenario: A Pod belongs to the core group, whose name is left out of apiVersion
      Given the lab's files are in the folder "pods"
      When I run "kubectl explain storageclass"
      Then it prints:
        """
        GROUP:      storage.k8s.io
        KIND:       StorageClass
        VERSION:    v1
        [...]
        """
      When I run "kubectl explain pod"
      Then it prints:
        """
        KIND:       Pod
        VERSION:    v1
        [...]
        """
      When I run "sed '1s,v1,core/v1,' pod.yml > core.yml"
      And I try "kubectl apply -f core.yml"
      Then it fails with "no matches for kind \"Pod\" in version \"core/v1\""

    @erratum
    Scenario: apiVersion, kind, metadata and spec are fields, not resources
      # The document calls them four top-level resources. A resource is what the server keeps under a name.
      When I run "kubectl explain pod"
      Then it prints:
        """
        [...]
        FIELDS:
          apiVersion <string>
        [...]
          kind <string>
        [...]
          metadata <ObjectMeta>
        [...]
          spec <PodSpec>
        [...]
          status <PodStatus>
        [...]
        """
      And "kubectl get metadata" fails with "the server doesn't have a resource type \"metadata\""

    @erratum
    Scenario: An object comes back in the newest stable version, not in a beta
      # The document says that an object deployed as v1 may come back as v1beta1.
      Given "hpa.yml" is applied
      When I run "kubectl get hpa hello-hpa -o yaml"
      Then it prints "apiVersion: autoscaling/v2"
      And it prints "averageUtilization: 50"
      When I run "kubectl get horizontalpodautoscalers.v1.autoscaling hello-hpa -o yaml"
      Then it prints "apiVersion: autoscaling/v1"
      And it prints "targetCPUUtilizationPercentage: 50"
      When I run "kubectl api-versions"
      Then it does not print "autoscaling/v2beta"

    @erratum
    Scenario: A manifest without a namespace goes to the namespace of the learner's context
      # The document says that the Pod is deployed to the namespace default.
      Given the lab's files are in the folder "pods"
      When I run "kubectl config view --minify"
      Then it prints "namespace: [NAME:namespace]"
      When I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      Then it prints "namespace: [=namespace]"
      And it does not print "namespace: default"
      When I run "kubectl config set-context --current --namespace="
      And I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      Then it prints "namespace: default"

    Scenario: A manifest may name a namespace
      Given the lab's files are in the folder "pods"
      When I run "sed 's/^metadata:/&\n  namespace: kube-public/' pod.yml > public.yml"
      And I run "kubectl config set-context --current --namespace="
      And I run "kubectl apply --dry-run=server -f public.yml -o yaml"
      Then it prints "namespace: kube-public"
      And "kubectl apply --dry-run=server -n default -f public.yml" fails with "does not match the namespace \"default\""

    @erratum
    Scenario: A port that the manifest does not name is reached all the same
      # The document says that the manifest exposes the container on port 8080. "containerPort" is a note; it opens nothing.
      Given the lab's files are in the folder "pods"
      And the Pod "bb" runs busybox
      When I run "grep -v -i port pod.yml | kubectl apply -f -"
      Then within 60 seconds the Pod "hello-pod" is ready
      And "kubectl describe pods hello-pod" prints "Port:  <none>"
      When I run "export helloip=$(kubectl get pod hello-pod -o go-template='{{.status.podIP}}')"
      Then within 60 seconds "kubectl exec bb -- wget -qO- http://$helloip:8080" prints "Kubernetes Rocks!"

  Rule: The manifest becomes a Pod

    Scenario: The manifest reaches the API server with a POST
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod.yml -v=6"
      Then it prints "pod/hello-pod created"
      And it prints "verb=\"POST\" url=\"[...]/api/v1/namespaces/[NAME]/pods?[...]\" status=\"201 Created\"" on standard error
      And within 60 seconds the Pod "hello-pod" is ready
      When I run "kubectl apply -f pod.yml"
      Then it prints "pod/hello-pod unchanged"

    Scenario: The Pod is created, pulls its image and runs
      Given the lab's files are in the folder "pods"
      And the Pod "bb" runs busybox
      When I open a session with "kubectl get pods --watch"
      And I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      And within 60 seconds the session shows:
        """
        NAME        READY   STATUS              RESTARTS   AGE
        bb          1/1     Running             0          [AGE]
        hello-pod   0/1     Pending             0          [AGE]
        [...]
        hello-pod   0/1     ContainerCreating   0          [AGE]
        hello-pod   1/1     Running             0          [AGE]
        """
      And the Pod "hello-pod" pulled the image "nigelpoulton/k8sbook:latest"

    @erratum
    Scenario: A container that is being created does not always wait for its image
      # The document says that it is probably waiting for the image to be pulled; the Pod's events tell.
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod-waits.yml"
      Then within 60 seconds an event of the Pod "hello-pod" says "Warning FailedMount [...] configmap \"hello-config\" not found"
      And within 60 seconds the Pod "hello-pod" has the status "ContainerCreating"
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME        READY   STATUS              RESTARTS   AGE
        hello-pod   0/1     ContainerCreating   0          [AGE]
        """
      When I run "kubectl describe pods hello-pod"
      Then it prints "configmap \"hello-config\" not found"
      And it does not print "Pulling image"

    Scenario: The Pod is shown as the cluster keeps it, with defaults and a status
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      When I run "kubectl get pods hello-pod -o yaml"
      Then it prints:
        """
        apiVersion: v1
        kind: Pod
        metadata:
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: |
              {"apiVersion":"v1","kind":"Pod",[...]}
          creationTimestamp: "[TIME]"
          generation: 1
          labels:
            version: v1
            zone: prod
          name: hello-pod
          namespace: [NAME]
          resourceVersion: "[NUMBER]"
          uid: [ID]
        spec:
          containers:
          - image: nigelpoulton/k8sbook:latest
            imagePullPolicy: Always
            name: hello-ctr
            ports:
            - containerPort: 8080
              protocol: TCP
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
            image: docker.io/nigelpoulton/k8sbook:latest
            imageID: docker.io/nigelpoulton/k8sbook@sha256:[ID]
            lastState: {}
            name: hello-ctr
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

    @erratum
    Scenario: Some values are neither the manifest's nor a default nor the status
      # The document names two sources of the values that the manifest does not have: defaults, and the status.
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      # An admission plug-in adds the volume of the service account.
      Then it prints "name: kube-api-access-[NAME]"
      And it does not print "nodeName"
      When I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      # The scheduler writes the node into the specification.
      And "kubectl get pods hello-pod -o yaml" prints "nodeName: [NODE]"

  Rule: kubectl looks at the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    Scenario: The Pod is listed with its node, which the wide form tells
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE
        hello-pod   1/1     Running   0          [AGE]
        """
      When I run "kubectl get pods -o wide"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE    IP     NODE         NOMINATED NODE   READINESS GATES
        hello-pod   1/1     Running   0          [AGE]  [IP]   [NODE:node]  <none>           <none>
        """
      # The kubelet of that node is the one that looks after the Pod.
      And within 60 seconds "kubectl get events -o wide" prints "Started  pod/hello-pod  spec.containers{hello-ctr}  kubelet, [=node]"

    Scenario: The Pod is found by its labels
      When I run "kubectl get pods -l zone=prod,version=v1 --show-labels"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE     LABELS
        hello-pod   1/1     Running   0          [AGE]   version=v1,zone=prod
        """
      When I run "kubectl get pods -l zone=test"
      Then it prints "No resources found" on standard error

    Scenario: The Pod is described, with its events
      Then within 60 seconds an event of the Pod "hello-pod" says "Normal Started [to 1.34: Started container hello-ctr][from 1.35: Container started]"
      When I run "kubectl describe pods hello-pod"
      Then it prints:
        """
        Name:             hello-pod
        Namespace:        [NAME]
        Priority:         0
        Service Account:  default
        Node:             [NODE]/[IP]
        Start Time:       [TIME]
        Labels:           version=v1
                          zone=prod
        Annotations:      <none>
        Status:           Running
        IP:               [IP:podip]
        IPs:
          IP:  [=podip]
        Containers:
          hello-ctr:
            Container ID:   containerd://[ID]
            Image:          nigelpoulton/k8sbook:latest
            Image ID:       docker.io/nigelpoulton/k8sbook@sha256:[ID]
            Port:           8080/TCP
            Host Port:      0/TCP
            State:          Running
              Started:      [TIME]
            Ready:          True
            Restart Count:  0
        [...]
        Events:
          Type    Reason     Age    From               Message
          ----    ------     ----   ----               -------
          Normal  Scheduled  [AGE]  default-scheduler  Successfully assigned [NAME]/hello-pod to [NODE]
          Normal  Pulling    [AGE]  kubelet            [from 1.35: spec.containers{hello-ctr}: ]Pulling image "nigelpoulton/k8sbook:latest"
          Normal  Pulled     [AGE]  kubelet            [from 1.35: spec.containers{hello-ctr}: ]Successfully pulled image "nigelpoulton/k8sbook:latest" in [...]
          Normal  Created    [AGE]  kubelet            [to 1.34: Created container: hello-ctr][from 1.35: spec.containers{hello-ctr}: Container created]
          Normal  Started    [AGE]  kubelet            [to 1.34: Started container hello-ctr][from 1.35: spec.containers{hello-ctr}: Container started]
        """

    @erratum
    Scenario: kubectl leaves out who has set which field
      # The document says that "-o yaml" returns a full copy from the cluster store.
      When I run "kubectl get pods hello-pod -o yaml"
      Then it does not print "managedFields"
      When I run "kubectl get pods hello-pod -o yaml --show-managed-fields"
      Then it prints "managedFields:"
      And it prints "manager: kubelet"

  Rule: Commands are executed in the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    Scenario: The server is process 1 of its container
      When I run "kubectl exec hello-pod -- ps aux"
      Then it prints:
        """
        PID   USER     TIME   COMMAND
            1 root     0:00   node ./app.js
        [...] root     0:00   ps aux
        """

    Scenario: The learner works in a shell of the container, and asks the server
      When I open a session with "kubectl exec -it hello-pod -- sh"
      Then within 60 seconds the session shows "#"
      When I type "hostname"
      Then within 60 seconds the session shows "hello-pod"
      When I type "wget -qO- localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

    Scenario: The flags -it connect the learner's terminal
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "test -t 0 && test -t 1 && echo both are a terminal"
      Then within 60 seconds the session shows "both are a terminal"
      And "kubectl exec hello-pod -- test -t 1" fails with "command terminated with exit code 1"
      And "kubectl exec -it hello-pod -- test -t 1 < /dev/null" fails with "Unable to use a TTY - input is not a terminal"

    @erratum
    Scenario: Standard input needs the flag -i, standard output needs none
      # The document says that the flags -it connect both.
      When I run "echo Hello | kubectl exec -i hello-pod -- cat"
      Then it prints "Hello"
      When I run "echo Hello | kubectl exec hello-pod -- wc -c"
      Then it prints "0"

    Scenario: A command that the image does not have cannot be executed
      When I try "kubectl exec hello-pod -- curl localhost:8080"
      Then it fails with "exec: \"curl\": executable file not found in $PATH"

    @erratum
    Scenario: The prompt is the container's while the command runs, not when it completes
      # The document says that the prompt changes when the command completes.
      Given the terminal sees its own processes only
      When I open a session with "kubectl exec -it hello-pod -- sh"
      Then within 60 seconds the session shows "#"
      And "pgrep -a kubectl" prints "kubectl exec -it hello-pod -- sh"
      When I type "exit"
      Then within 60 seconds the session ends
      And its exit status is 0

  Rule: curl is installed in a container

    Scenario: The learner installs curl in the container, and asks the server
      Given the image "nigelpoulton/k8sbook:latest" is no stand-in
      And the Pod "hello-pod" runs from "pod.yml"
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "apk add curl"
      Then within 60 seconds the session shows "OK: "
      When I type "curl localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

    @slow
    Scenario: The learner installs curl in the container beside, which shares localhost
      Given the Pod "hello-pod" runs from "pod-curl.yml"
      When I open a session with "kubectl exec -it hello-pod --container curl-ctr -- sh"
      And I type "apt-get update && apt-get install -y --no-install-recommends curl && echo curl is there"
      Then within 120 seconds the session shows "curl is there"
      When I type "curl localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

  Rule: The log is read
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    @erratum
    Scenario: The log can be read while a session in the container is open
      # The document says to exit the container first. What counts is where the command is typed: the image has no kubectl.
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "kubectl logs hello-pod"
      Then within 60 seconds the session shows "kubectl: not found"
      When I type "echo A line of the session > /proc/1/fd/1"
      Then within 60 seconds "kubectl logs hello-pod" prints "A line of the session"

    @erratum
    Scenario: The command is kubectl logs
      # The document calls it once "kubectl log".
      When I try "kubectl log hello-pod"
      Then it fails with "unknown command \"log\" for \"kubectl\""
      When I run "kubectl exec hello-pod -- sh -c 'echo A line of process 1 > /proc/1/fd/1'"
      Then within 60 seconds "kubectl logs hello-pod" prints "A line of process 1"

  Rule: A Pod may have several containers
    Background:
      Given the Pod "hello-pod" runs from "pod-two.yml"

    Scenario: The Pod's containers are described in the manifest's order
      When I run "kubectl describe pods hello-pod"
      Then it prints:
        """
        [...]
        Containers:
          hello-ctr:
            Container ID:  containerd://[ID]
        [...]
          bb-ctr:
            Container ID:  containerd://[ID]
        [...]
        """
      And "kubectl get pods" prints "hello-pod  2/2  Running"

    Scenario: kubectl takes the container that the learner names
      When I run "kubectl exec hello-pod --container bb-ctr -- ps aux"
      Then it prints "1 root [...]sleep 3600"
      And "kubectl exec hello-pod --container hello-ctr -- ps aux" prints "1 root  0:00  node ./app.js"
      And within 60 seconds "kubectl logs hello-pod --container bb-ctr" prints "I am bb-ctr"

    Scenario: kubectl reads the first container's log where the learner names no container
      Then within 60 seconds the log of the container "bb-ctr" of the Pod "hello-pod" shows "I am bb-ctr"
      When I run "kubectl exec hello-pod --container hello-ctr -- sh -c 'echo I am hello-ctr > /proc/1/fd/1'"
      Then within 60 seconds "kubectl logs hello-pod" prints "I am hello-ctr"
      And it prints "Defaulted container \"hello-ctr\" out of: hello-ctr, bb-ctr" on standard error
      And it does not print "I am bb-ctr"

    @erratum
    Scenario: No container has to be named, and kubectl says which one it takes
      # The document says that --container is needed where a Pod has several containers, and then that it is not.
      When I run "kubectl exec hello-pod -- ps aux"
      Then it prints "1 root  0:00  node ./app.js"
      And it prints "Defaulted container \"hello-ctr\" out of: hello-ctr, bb-ctr" on standard error

    @erratum
    Scenario: An annotation makes another container the default
      # The document says that kubectl takes the first container.
      When I run "kubectl annotate pod hello-pod kubectl.kubernetes.io/default-container=bb-ctr"
      And I run "kubectl exec hello-pod -- ps aux"
      Then it prints "1 root [...]sleep 3600"
      And within 60 seconds "kubectl logs hello-pod" prints "I am bb-ctr"
      And it does not print "Defaulted container"

  Rule: The Pod is deleted
    Background:
      Given the lab's files are in the folder "pods"
      And the Pod "hello-pod" runs from "pod.yml"

    Scenario: The learner leaves the container, and deletes the Pod
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "exit"
      Then within 60 seconds the session ends
      When I run "kubectl delete -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is gone
      When I run "kubectl get pods"
      Then it prints "No resources found" on standard error

    @erratum
    Scenario: kubectl tells the namespace of the Pod that it deletes
      # The document shows "pod "hello-pod" deleted".
      When I run "kubectl delete -f pod.yml"
      Then it prints:
        """
        pod "hello-pod" deleted from [NAME] namespace
        """

  Rule: What a learner hands in is graded

    @points:1 @task:labels @live
    Scenario: The learner's Pod is found by its labels
      Hint: "kubectl get pods --show-labels" shows the labels that the Pod has.
      Given the Pod "hello-pod" runs from "pod.yml"
      Then "kubectl get pods -l zone=prod,version=v1 -o name" prints "pod/hello-pod"
      And within 10 seconds 1 Pods labelled "zone=prod" are ready
      And within 10 seconds 1 Pods labelled "version=v1" are ready
      And within 10 seconds the Pod "hello-pod" is ready

    @points:2 @task:server @lenient
    Scenario: The learner's Pod answers with the page of the document's image
      Hint: the page comes from the image's own server on port 8080; no command is needed for it.
      Given the Pod "hello-pod" runs from "pod.yml"
      And the Pod "asker" runs busybox
      When I run "podip=$(kubectl get pod hello-pod -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:8080" prints "<h1>Kubernetes Rocks!</h1>"
      When I run "kubectl get pod hello-pod -o jsonpath='{.status.containerStatuses[*].image}'"
      Then it prints:
        """
        docker.io/nigelpoulton/k8sbook:latest
        """

    @points:2 @task:containers
    Scenario: The learner's second container writes a log of its own beside the server
      Hint: "kubectl logs hello-pod --container bb-ctr" shows what bb-ctr alone has written.
      Given the Pod "hello-pod" runs from "pod-two.yml"
      And the Pod "asker" runs busybox
      Then "kubectl get pod hello-pod -o jsonpath='<{.spec.containers[*].name}>'" prints "<hello-ctr bb-ctr>"
      And "kubectl get pod hello-pod -o jsonpath='{.spec.containers[*].image}'" prints "nigelpoulton/k8sbook[...] busybox"
      And within 20 seconds the log of the container "bb-ctr" of the Pod "hello-pod" shows "I am bb-ctr"
      When I run "podip=$(kubectl get pod hello-pod -o jsonpath='{.status.podIP}')"
      Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:8080" prints "<h1>Kubernetes Rocks!</h1>"
      # One that ends after a while does not go on.
      When I run "sleep 5"
      Then within 1 second the restart count of the container "bb-ctr" of the Pod "hello-pod" is 0
      And within 1 second the Pod "hello-pod" is ready

    @points:1 @task:delete
    Scenario: The learner's commands delete the Pod hello-pod and no other
      Hint: "kubectl delete" takes the name of a Pod, or the file that it was made from.
      Given the Pod "hello-pod" runs busybox
      And the Pod "asker" runs busybox
      When the task "delete" is done
      Then within 30 seconds the Pod "hello-pod" is gone
      And within 1 second the Pod "asker" is ready
