Feature: Sidecar, nginx beside an application whose log file it serves
  A Pod has two containers. The main container writes the date to a log file every 5 seconds. The sidecar, an nginx, serves
  that file. They share a folder and their Pod's address, and know nothing of each other.

  Rule: A Pod runs an application and its sidecar

    Scenario: Both containers run in one Pod
      Given the lab's files are in the folder "sidecar"
      When I run "kubectl apply -f pod.yaml"
      Then it prints "pod/sidecar-pod created"
      And within 60 seconds the Pod "sidecar-pod" is ready
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME          READY   STATUS    RESTARTS   AGE
        sidecar-pod   2/2     Running   0          [AGE]
        """

    Scenario: The sidecar is described beside the main container, with its image and its port
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      When I run "kubectl describe pod sidecar-pod"
      Then it prints the file "describe-pod-sidecar-pod.txt"

    Scenario: The main container writes the date every 5 seconds
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- sed -n 3p /var/log/app/date.log" prints "[TIME]"
      When I run:
        """
        kubectl exec sidecar-pod -c main-container -- head -n 3 /var/log/app/date.log > dates
        first="$(date -d "$(head -n 1 dates)" +%s)"
        third="$(date -d "$(tail -n 1 dates)" +%s)"
        echo "one every $(((third - first) / 2)) seconds"
        """
      Then it prints "one every 5 seconds"

  Rule: The sidecar serves what the application writes

    Scenario: Another Pod fetches the log file from the sidecar, and the file grows
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      And the Pod "bb" runs busybox
      When I run "export podip=$(kubectl get pod sidecar-pod -o go-template='{{(.status.podIP)}}')"
      Then within 60 seconds "kubectl exec bb -- wget -q -O - http://$podip:80/date.log | tee served" prints "[TIME:first]"
      And in the container "main-container" of the Pod "sidecar-pod" "head -n 1 /var/log/app/date.log" prints "[=first]"
      And within 60 seconds "kubectl exec bb -- wget -q -O - http://$podip:80/date.log | grep -vxFf served" prints "[TIME]"

    @slow
    Scenario: The learner connects to the sidecar, installs curl and reads the log file with it
      Given the lab differs from the document: "the sidecar is nginx, not nginx:1.7.9, whose Debian no server has any more"
      And the Pod "sidecar-pod" runs from "today.yaml"
      When I open a session with "kubectl exec -it sidecar-pod -c sidecar-container -- bash"
      And I type "apt-get update && apt-get install -y curl && command -v curl"
      Then within 180 seconds the session shows "/usr/bin/curl"
      When I type "curl http://localhost/date.log"
      Then within 60 seconds the session shows "[TIME]"

    Scenario: Without the container's name kubectl connects to the main container, which has no nginx
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      When I try "kubectl exec sidecar-pod -- nginx -v"
      Then it fails with "Defaulted container \"main-container\" out of: main-container, sidecar-container"
      And it fails with "\"nginx\": executable file not found"
      When I run "kubectl exec sidecar-pod -c sidecar-container -- nginx -v"
      Then it prints "nginx version: nginx/" on standard error

  Rule: Neither container needs the other

    Scenario: The sidecar ends, and the main container writes on
      # The command may be interrupted, because its container ends.
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      When I run "kubectl exec sidecar-pod -c sidecar-container -- nginx -s quit || true"
      Then within 60 seconds the restart count of the container "sidecar-container" of the Pod "sidecar-pod" is 1
      And within 1 second the restart count of the container "main-container" of the Pod "sidecar-pod" is 0
      When I run "kubectl exec sidecar-pod -c main-container -- cat /var/log/app/date.log > written"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- wget -q -O - http://localhost/date.log | grep -vxFf written" prints "[TIME]"

    Scenario: The main container ends, and the sidecar serves what it has written
      # The command may be interrupted, because its container ends.
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- head -n 1 /var/log/app/date.log" prints "[TIME:first]"
      When I run "kubectl exec sidecar-pod -c main-container -- kill 1 || true"
      Then within 60 seconds the restart count of the container "main-container" of the Pod "sidecar-pod" is 1
      And within 1 second the restart count of the container "sidecar-container" of the Pod "sidecar-pod" is 0
      And within 60 seconds "kubectl exec sidecar-pod -c main-container -- wget -q -O - http://localhost/date.log" prints "[=first]"

  Rule: Containers that share a file belong into one Pod

    Scenario: In a Pod of its own nginx has no file to serve
      Given "apart.yaml" is applied
      Then within 60 seconds the Pod "main-pod" is ready
      And within 60 seconds the Pod "nginx-pod" is ready
      And within 60 seconds "kubectl exec main-pod -- cat /var/log/app/date.log" prints "[TIME]"
      When I run "export podip=$(kubectl get pod nginx-pod -o go-template='{{(.status.podIP)}}')"
      Then within 60 seconds "kubectl exec main-pod -- wget -O - http://$podip:80/date.log" fails with "404 Not Found"
