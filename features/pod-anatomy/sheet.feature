Feature: The anatomy of a Pod
  A Pod is where containers run together: on one node, with one IP, one hostname, one set of ports, shared volumes and
  shared IPC. The learner looks at a web server (main, port 80) and its helper (supporting, port 5000) from the inside,
  from another Pod on the same node, and from a Pod on another node.

  Rule: A Pod is deployed by posting its manifest to the API server

    Scenario: kubectl posts the manifest, and the scheduler finds a node
      Given the cluster is called "demo"
      And the lab's files are in the folder "pods"
      When I run "kubectl create -f web.yaml -v=6"
      Then it prints "pod/web created"
      And it prints "verb=\"POST\" url=\"https://[...]/pods?[...]\" status=\"201 Created\"" on standard error
      And within 60 seconds an event of the Pod "web" says "Normal Scheduled Successfully assigned [...]/web to [NODE]"
      And within 60 seconds the Pod "web" is ready

    Scenario: A manifest that the API server does not accept makes no Pod
      Given the lab's files are in the folder "pods"
      When I try "kubectl create -f one-name.yaml"
      Then it fails with:
        """
        The Pod "one-name" is invalid: spec.containers[1].name: Duplicate value: "main"
        """
      And "kubectl get pod one-name" fails with "pods \"one-name\" not found"

  Rule: The containers of a Pod share its network, hostname, IPC and volumes
    Background:
      Given the Pod "web" runs from "web.yaml"

    Scenario: Two containers have one IP, one hostname and one node
      When I run "kubectl get pod web -o wide"
      Then it prints:
        """
        NAME   READY   STATUS    RESTARTS   AGE    IP            NODE          NOMINATED NODE   READINESS GATES
        web    2/2     Running   0          [AGE]  [IP:podip]    [NODE:node]   <none>           <none>
        """
      When I run "kubectl exec web -c main -- sh -c 'echo $(hostname) $(hostname -i) $NODE'"
      Then it prints:
        """
        web [=podip] [=node]
        """
      When I run "kubectl exec web -c supporting -- sh -c 'echo $(hostname) $(hostname -i) $NODE'"
      Then it prints:
        """
        web [=podip] [=node]
        """

    Scenario: Two containers have one routing table
      When I run:
        """
        kubectl exec web -c main -- ip route > main
        kubectl exec web -c supporting -- ip route > supporting
        cat main
        """
      Then it prints "default via [IP] dev eth0"
      When I run "diff main supporting && echo the same"
      Then it prints:
        """
        the same
        """

    Scenario: The containers reach each other on localhost
      When I run "kubectl exec web -c main -- wget -q -O - localhost:5000"
      Then it prints:
        """
        The page is up to date.
        """
      When I run "kubectl exec web -c supporting -- wget -q -O - localhost:80"
      Then it prints:
        """
        This is the page.
        """

    Scenario: What one container writes into a shared volume the other one serves
      When I run "kubectl exec web -c supporting -- sh -c 'echo News > /content/news.html'"
      Then in the container "main" of the Pod "web" "cat /srv/news.html" prints "News"
      And in the container "supporting" of the Pod "web" "wget -q -O - localhost:80/news.html" prints "News"

    Scenario: The containers share System V shared memory, POSIX message queues and POSIX shared memory
      # syslogd writes its log to System V shared memory, and logread reads it there. A file in /dev/mqueue is a message
      # queue, and a file in /dev/shm is shared memory.
      When I run:
        """
        kubectl exec web -c main -- syslogd -C16
        kubectl exec web -c main -- logger Somebody reads the page
        kubectl exec web -c main -- touch /dev/mqueue/orders
        kubectl exec web -c main -- sh -c 'echo two pages > /dev/shm/order'
        """
      Then within 60 seconds "kubectl exec web -c supporting -- logread" prints "web user.notice root: Somebody reads the page"
      And in the container "supporting" of the Pod "web" "cat /dev/mqueue/orders" prints "QSIZE:0"
      And in the container "supporting" of the Pod "web" "cat /dev/shm/order" prints "two pages"

  Rule: Each container of a Pod has ports of its own

    Scenario: A Pod on another node reaches each container at the Pod's IP, without a port mapping
      Given the Pod "web" runs from "web.yaml"
      And the Pod "far" runs from "far.yaml"
      When I run:
        """
        kubectl get pods -o wide
        podip=$(kubectl get pod web -o jsonpath='{.status.podIP}')
        """
      Then it prints "web 2/2 Running 0 [AGE] [IP] [NODE:node] <none> <none>"
      And it does not print "far 1/1 Running 0 [AGE] [IP] [=node] <none>"
      And "kubectl exec far -- wget -q -O - http://$podip:80" prints "This is the page."
      And "kubectl exec far -- wget -q -O - http://$podip:5000" prints "The page is up to date."
      And "kubectl exec far -- wget -q -O - http://$podip:81" fails with "Connection refused"
      When I run "kubectl describe pod web | grep -o 'Host Port:.*'"
      Then it prints:
        """
        Host Port:     0/TCP
        Host Port:     0/TCP
        """

    Scenario: Two containers of a Pod cannot use one port
      Given "same-port.yaml" is applied
      Then within 60 seconds the container "supporting" of the Pod "same-port" has ended with "exit code 1, Error"
      And within 60 seconds the restart count of the container "supporting" of the Pod "same-port" is 1
      And within 60 seconds the log of the container "supporting" of the Pod "same-port" shows "bind: Address already in use"
      And within 60 seconds the Pod "same-port" has the status "CrashLoopBackOff"
      And within 1 second the restart count of the container "main" of the Pod "same-port" is 0
      And in the container "main" of the Pod "same-port" "wget -q -O - localhost:80/hostname" prints "same-port"

  Rule: Pods are kept apart
    Background:
      Given the Pod "web" runs from "web.yaml"
      And the Pod "neighbour" runs from "neighbour.yaml"

    Scenario: A Pod has an IP, a hostname and a localhost of its own
      When I run "kubectl get pods -o wide"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE    IP              NODE          NOMINATED NODE   READINESS GATES
        neighbour   1/1     Running   0          [AGE]  [IP:other]      [NODE:node]   <none>           <none>
        web         2/2     Running   0          [AGE]  [IP:podip]      [=node]       <none>           <none>
        """
      And it does not print "web 2/2 Running 0 [AGE] [=other] [=node]"
      And in the Pod "neighbour" "hostname" prints "neighbour"
      And in the Pod "neighbour" "wget -q -O - localhost:80" fails with "Connection refused"
      And in the container "supporting" of the Pod "web" "wget -q -O - localhost:80" prints "This is the page."

    Scenario: A Pod has volumes, IPC and processes of its own
      When I run:
        """
        kubectl exec web -c supporting -- touch /content/news.html /dev/shm/order /dev/mqueue/orders
        kubectl exec web -c main -- syslogd -C16
        """
      Then in the container "main" of the Pod "web" "ls /srv /dev/shm /dev/mqueue" prints "orders"
      And within 60 seconds "kubectl exec web -c supporting -- logread" prints "syslogd started"
      When I run "kubectl exec neighbour -- ls -a /content /dev/shm /dev/mqueue"
      Then it prints:
        """
        /content:
        .
        ..

        /dev/mqueue:
        .
        ..

        /dev/shm:
        .
        ..
        """
      And "kubectl exec neighbour -- logread" fails with "can't find syslogd buffer"
      When I run "kubectl exec neighbour -- ps"
      Then it prints "1 root [...]sleep 36000"
      And it does not print "httpd"

  Rule: Each container has limits of its own
    Background:
      Given the Pod "web-sync" runs from "limits.yaml"

    Scenario: The synchronizer may use less memory and CPU than the web server
      Then the memory of the container "web" of the Pod "web-sync" is limited to "100Mi"
      And the CPU of the container "web" of the Pod "web-sync" is limited to "200m"
      And the memory of the container "sync" of the Pod "web-sync" is limited to "50Mi"
      And the CPU of the container "sync" of the Pod "web-sync" is limited to "100m"

    Scenario: A container that takes too much memory is killed, and the other one lives
      # It is restarted and killed again, because the kubelet sometimes reports the first end as an Error.
      When I run "kubectl exec web-sync -c web -- touch /srv/big-file-wanted"
      Then within 120 seconds the container "sync" of the Pod "web-sync" has ended with "exit code 137, OOMKilled"
      And within 1 second the restart count of the container "web" of the Pod "web-sync" is 0
      And in the container "web" of the Pod "web-sync" "wget -q -O - localhost:80" prints "This is the page."

  Rule: A Pod is deployed as a whole

    Scenario: Two containers that fit on no node together are not put on two nodes
      # Each of them requests 60 percent of a node's CPU.
      Given the cluster is called "demo"
      When I run:
        """
        cpu=$(kubectl get node demo-worker -o jsonpath='{.status.allocatable.cpu}')
        tee halves.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: halves
        spec:
          containers:
          - name: one
            image: busybox
            command: ["sleep", "36000"]
            resources:
              requests:
                cpu: $((cpu * 600))m
          - name: two
            image: busybox
            command: ["sleep", "36000"]
            resources:
              requests:
                cpu: $((cpu * 600))m
        EOF
        kubectl apply -f halves.yaml
        """
      Then within 60 seconds an event of the Pod "halves" says "FailedScheduling [...] Insufficient cpu"
      When I run:
        """
        kubectl delete pod halves
        sed '/name: two/,$d' halves.yaml | kubectl apply -f -
        """
      Then within 60 seconds the Pod "halves" is ready

    Scenario: One container that is not ready keeps the whole Pod out of its Service
      Given "service.yaml" is applied
      And "unready.yaml" is applied
      Then within 60 seconds the Pod "web" is in the phase Running
      And for 3 seconds the Pod "web" is not ready
      And "kubectl get pods" prints "web 1/2 Running 0 [AGE]"
      And within 60 seconds the Service "web" waits for the Pod "web"
      When I run "kubectl exec web -c supporting -- touch /tmp/ready"
      Then within 60 seconds the Pod "web" is ready
      And within 60 seconds the Service "web" sends to the Pod "web"

    Scenario: The image of one container is replaced while the other one runs on
      Given the Pod "web" runs from "web.yaml"
      When I run "kubectl set image pod/web supporting=alpine"
      Then it prints "pod/web image updated"
      And within 60 seconds an event of the Pod "web" says "Container supporting definition changed, will be restarted"
      And within 60 seconds the restart count of the container "supporting" of the Pod "web" is 1
      And within 60 seconds the Pod "web" is ready
      And within 1 second the restart count of the container "main" of the Pod "web" is 0

  Rule: A Pod is mortal

    Scenario: A Pod that is made anew has another UID and another IP
      Given the Pod "web" runs from "web.yaml"
      And the lab's files are in the folder "pods"
      When I run "kubectl get pod web -o jsonpath='UID {.metadata.uid}, IP {.status.podIP}.'"
      Then it prints "UID [ID:uid], IP [IP:podip]."
      When I run:
        """
        kubectl delete pod web
        kubectl apply -f web.yaml
        """
      Then within 60 seconds the Pod "web" is ready
      When I run "kubectl get pod web -o jsonpath='UID {.metadata.uid}, IP {.status.podIP}.'"
      Then it does not print "UID [=uid],"
      And it does not print "IP [=podip]."

    Scenario: A Deployment replaces a Pod that is deleted by another one
      Given "deployment.yaml" is applied
      Then within 60 seconds "kubectl get pods" prints "web-[NAME:name] 2/2 Running 0 [AGE]"
      When I run "kubectl delete pod -l app=web"
      Then within 60 seconds "kubectl get pods" prints "web-[NAME] 2/2 Running 0 [AGE]"
      And it does not print "[=name]"

    Scenario: A DaemonSet replaces a Pod that is deleted by another one on the same node
      Given the cluster is called "demo"
      And "daemonset.yaml" is applied
      Then within 60 seconds "kubectl get pods -o wide" prints "sync-[NAME:name] 1/1 Running 0 [AGE] [IP] demo-worker <none>"
      When I run "kubectl delete pod -l app=sync"
      Then within 60 seconds "kubectl get pods -o wide" prints "sync-[NAME] 1/1 Running 0 [AGE] [IP] demo-worker <none>"
      And it does not print "[=name]"
