Feature: Errata of the lab pod-anatomy
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: The containers of a Pod do not share everything
    Background:
      Given the Pod "web" runs from "web.yaml"

    @erratum
    Scenario: A container has the Pod's namespaces for network, hostname and IPC, and others of its own
      # The documents say that the Pod holds all the namespaces, and that its containers inherit and share them.
      When I run "kubectl exec web -c main -- sh -c 'for kind in net uts ipc mnt pid; do readlink /proc/1/ns/$kind; done'"
      Then it prints:
        """
        net:[[NUMBER:net]]
        uts:[[NUMBER:uts]]
        ipc:[[NUMBER:ipc]]
        mnt:[[NUMBER:mnt]]
        pid:[[NUMBER:pid]]
        """
      When I run "kubectl exec web -c supporting -- sh -c 'for kind in net uts ipc mnt pid; do readlink /proc/1/ns/$kind; done'"
      Then it prints:
        """
        net:[[=net]]
        uts:[[=uts]]
        ipc:[[=ipc]]
        mnt:[[NUMBER]]
        pid:[[NUMBER]]
        """
      And it does not print "mnt:[[=mnt]]"
      And it does not print "pid:[[=pid]]"

    @erratum
    Scenario: A container does not see the other one's processes, nor their memory
      # The document says that the containers share a memory address space.
      When I run "kubectl exec web -c main -- ps"
      Then it prints "1 root [...]httpd -f -p 80 -h /srv"
      And it does not print "5000"
      When I run "kubectl exec web -c supporting -- ps"
      Then it prints "1 root [...]httpd -f -p 5000 -h /report"
      And it does not print "httpd -f -p 80"

    @erratum
    Scenario: A container sees only the volumes that it mounts
      # The document says that all containers of a Pod have access to the same volumes.
      Then in the container "supporting" of the Pod "web" "cat /report/index.html" prints "The page is up to date."
      And in the container "main" of the Pod "web" "ls /report" fails with "No such file or directory"
      And in the container "main" of the Pod "web" "ls /content" fails with "No such file or directory"
      And in the container "main" of the Pod "web" "ls /srv" prints "index.html"

    @erratum
    Scenario: A Unix domain socket is shared by a volume, not by the IPC namespace
      # The document counts Unix domain sockets as part of the IPC namespace. Here syslogd listens on /dev/log.
      When I run "kubectl exec web -c main -- syslogd -O /tmp/log"
      Then in the container "main" of the Pod "web" "ls /dev/log" prints "/dev/log"
      And in the container "supporting" of the Pod "web" "ls /dev/log" fails with "No such file or directory"
      When I run:
        """
        kubectl exec web -c main -- killall syslogd
        kubectl exec web -c main -- ln -s -f /srv/log /dev/log
        kubectl exec web -c main -- syslogd -O /tmp/log
        kubectl exec web -c supporting -- ln -s /content/log /dev/log
        kubectl exec web -c supporting -- logger The page is written
        """
      Then within 60 seconds "kubectl exec web -c main -- cat /tmp/log" prints "root: The page is written"

  Rule: A Pod is not itself a container in which the others run

    @erratum
    Scenario: The pause container stands beside the others, with containerd as well
      # The document says that a Pod is a pause container if Docker is the container runtime, with the containers in it.
      # This Pod's containers also share the process namespace. The first process is the pause container's, which is not
      # the parent of the others.
      Given the Pod "web" runs from "shared-processes.yaml"
      When I run "kubectl get pod web -o jsonpath='{.status.containerStatuses[0].containerID}'"
      Then it prints "containerd://[ID]"
      When I run "kubectl exec web -c main -- ps -o ppid,args"
      Then it prints:
        """
        PPID  COMMAND
            0 [...]
            0 httpd -f -p 80
            0 httpd -f -p 5000
            0 ps -o ppid,args
        """

    @erratum
    Scenario: The kubelet knows no rkt any more
      # The document names rkt as another container platform. The kubelet's option for it is gone, and so is rkt.
      Given the cluster is called "demo"
      When I try "docker exec demo-worker kubelet --container-runtime=rkt"
      Then it fails with "unknown flag: --container-runtime"
      When I run "kubectl get node demo-worker -o jsonpath='{.status.nodeInfo.containerRuntimeVersion}'"
      Then it prints "containerd://"

  Rule: Pods are kept apart
    Background:
      Given the Pod "web" runs from "web.yaml"
      And the Pod "neighbour" runs from "neighbour.yaml"

    @erratum
    Scenario: Two Pods of a node have one kernel, and a network between them
      # The document says that they are completely isolated, as if they were on different servers.
      When I run "kubectl exec web -c main -- cat /proc/sys/kernel/random/boot_id"
      Then it prints "[ID:boot]"
      And in the Pod "neighbour" "cat /proc/sys/kernel/random/boot_id" prints "[=boot]"
      When I run "podip=$(kubectl get pod web -o jsonpath='{.status.podIP}')"
      Then "kubectl exec neighbour -- wget -q -O - http://$podip:5000" prints "The page is up to date."

  Rule: Without limits, and beyond memory and CPU, nothing is held back

    @erratum
    Scenario: A container without limits may take more memory
      # The document says that control groups prevent individual containers from consuming all of a node's memory.
      Given the Pod "web" runs from "web.yaml"
      When I run "kubectl exec web -c main -- dd if=/dev/zero of=/dev/null bs=200M count=1"
      Then it prints "1+0 records out" on standard error
      And "kubectl describe pod web" prints "QoS Class: BestEffort"

    @erratum
    Scenario: A Pod's manifest cannot limit IOPS
      # The document says that control groups prevent individual containers from consuming all of a node's IOPS.
      When I run:
        """
        tee iops.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
          - name: main
            image: busybox
            resources:
              limits:
                iops: 100
        EOF
        """
      And I try "kubectl apply -f iops.yaml"
      Then it fails with "spec.containers[0].resources.limits[iops]: Invalid value: \"iops\""
      When I run "sed 's/iops: 100/memory: 100Mi/' iops.yaml | kubectl apply -f - --dry-run=server"
      Then it prints "pod/web created (server dry run)"

  Rule: A Pod is deployed as a whole

    @erratum
    Scenario: A Pod that is not ready answers at its IP all the same
      # The document says that there is no such thing as a partially deployed Pod that can service requests.
      Given "unready.yaml" is applied
      And the Pod "far" runs from "far.yaml"
      Then within 60 seconds the Pod "web" is in the phase Running
      And for 3 seconds the Pod "web" is not ready
      When I run "podip=$(kubectl get pod web -o jsonpath='{.status.podIP}')"
      Then "kubectl exec far -- wget -q -O - http://$podip:80/hostname" prints "web"
      And "kubectl get pods" prints "web 1/2 Running 0 [AGE]"

    @erratum
    Scenario: Containers of one Pod are not scaled independently
      # The document says that each of the two containers can be scaled independently. That takes two Pods.
      Given "deployment.yaml" is applied
      Then within 60 seconds "kubectl get deployment web" prints "web 1/1 1 1 [AGE]"
      When I run "kubectl scale deployment web --replicas=2"
      Then within 60 seconds 2 Pods labelled "app=web" are ready
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME      READY   STATUS    RESTARTS   AGE
        [NAME]    2/2     Running   0          [AGE]
        [NAME]    2/2     Running   0          [AGE]
        """

  Rule: A Pod is mortal

    @erratum
    Scenario: A Pod that is deleted does not come back by itself
      # The document says that a shiny new one magically appears and takes its place.
      Given the Pod "web" runs from "web.yaml"
      When I run "kubectl delete pod web"
      Then it prints "pod \"web\" deleted"
      And for 3 seconds there is no Pod "web"
