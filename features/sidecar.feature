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
      # The command may be cut off, since its container ends.
      Given the Pod "sidecar-pod" runs from "pod.yaml"
      When I run "kubectl exec sidecar-pod -c sidecar-container -- nginx -s quit || true"
      Then within 60 seconds the restart count of the container "sidecar-container" of the Pod "sidecar-pod" is 1
      And within 1 second the restart count of the container "main-container" of the Pod "sidecar-pod" is 0
      When I run "kubectl exec sidecar-pod -c main-container -- cat /var/log/app/date.log > written"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- wget -q -O - http://localhost/date.log | grep -vxFf written" prints "[TIME]"

    Scenario: The main container ends, and the sidecar serves what it has written
      # The command may be cut off, since its container ends.
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

  Rule: The hint of the exercise does not make a sidecar

    @erratum
    Scenario: The hint alone is not YAML
      # The document has "image:" and "ports:" in the column of the dash that begins the container.
      When I run:
        """
        tee hint.yaml <<EOF
        - name: sidecar-container
        image: nginx:1.7.9
        ports:
        - containerPort: 80
        EOF
        """
      And I try "kubectl apply -f hint.yaml"
      Then it fails with "error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator"

    @erratum
    Scenario: Put into a Pod as it is indented, the hint gives its image and its port to the Pod
      # The document's "image:" and "ports:" stand beside "containers:", not within the container.
      When I run:
        """
        tee pod.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: sidecar-pod
        spec:
          containers:
          - name: sidecar-container
          image: nginx:1.7.9
          ports:
          - containerPort: 80
        EOF
        """
      And I try "kubectl apply -f pod.yaml"
      Then it fails with "unknown field \"spec.image\", unknown field \"spec.ports\""
      When I try "kubectl apply --validate=false -f pod.yaml"
      Then it fails with "spec.containers[0].image: Required value"
      When I run "sed -i -e 's/^  image/    image/; s/^  ports/    ports/; s/^  - containerPort/    - containerPort/' pod.yaml"
      Then "kubectl apply -f pod.yaml" prints "pod/sidecar-pod created"

    @erratum
    Scenario: A sidecar without a shared volume has no file to serve
      # The document's hint has no volume, and nothing says that the two containers need one.
      Given the Pod "sidecar-pod" runs from "unshared.yaml"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- cat /var/log/app/date.log" prints "[TIME]"
      And within 60 seconds "kubectl exec sidecar-pod -c main-container -- wget -O - http://localhost/" prints "nginx"
      And in the container "main-container" of the Pod "sidecar-pod" "wget -O - http://localhost/date.log" fails with "404 Not Found"

    @erratum
    Scenario: The packages of nginx:1.7.9 are served no more
      # The document wants curl to be installed into nginx:1.7.9, which is made of Debian wheezy.
      Given the Pod "sidecar-pod" runs from "today.yaml"
      When I open a session with "kubectl exec -it sidecar-pod -c sidecar-container -- bash"
      And I type "apt-get update && echo these packages are served"
      Then within 60 seconds the session shows "these packages are served"
      When I type "sed -i -E 's/(bookworm|trixie)/wheezy/' $(grep -rlE 'bookworm|trixie' /etc/apt/sources.list*); apt-get update"
      Then within 60 seconds the session shows "wheezy Release' does not have a Release file."

  Rule: What a learner hands in is graded

    @points:1 @task:containers
    Scenario: The learner's Pod runs an application and a sidecar
      Hint: "kubectl describe pod sidecar-pod" shows both containers, and what became of them.
      Given "pod.yaml" is applied
      Then within 30 seconds the Pod "sidecar-pod" is ready
      When I run:
        """
        each='[*]}{.name}: {.image}{"\n"}{end}'
        kubectl get pod sidecar-pod -o jsonpath="{range .spec.initContainers$each{range .spec.containers$each" | sort
        """
      Then it prints "main-container: busybox"
      And it prints "sidecar-container: nginx:1.7.9"

    @points:2 @task:volume @lenient
    Scenario: The learner's sidecar serves what is in the main container's file
      Hint: both containers mount one volume, the sidecar in /usr/share/nginx/html.
      Given "pod.yaml" is applied
      And the Pod "asker" runs busybox
      Then within 30 seconds the Pod "sidecar-pod" is ready
      When I run:
        """
        podip=$(kubectl get pod sidecar-pod -o jsonpath='{.status.podIP}')
        kubectl exec sidecar-pod -c main-container -- sh -c 'echo written by labproof >> /var/log/app/date.log'
        """
      Then within 10 seconds "kubectl exec asker -- wget -q -O - http://$podip/date.log" prints "written by labproof"

    @points:2 @task:dates @lenient
    Scenario: The learner's main container writes the date again and again
      Hint: a shell's loop writes and sleeps; >> adds to a file, > begins it anew.
      Given "pod.yaml" is applied
      And the Pod "asker" runs busybox
      Then within 30 seconds the Pod "sidecar-pod" is ready
      When I run "podip=$(kubectl get pod sidecar-pod -o jsonpath='{.status.podIP}')"
      Then within 10 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 1p\"" prints "[TIME:first]"
      And within 20 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 3p\"" prints "[TIME]"
      And "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 1p\"" prints "[=first]"
      When I run:
        """
        dates() { kubectl exec asker -- wget -q -O - http://$podip/date.log | wc -l; }
        before=$(dates); sleep 10; added=$(($(dates) - before))
        ((added >= 1 && added <= 3)) && echo "a date every 5 seconds" || echo "$added dates in 10 seconds"
        """
      Then it prints "a date every 5 seconds"

    @points:1 @task:restart @lenient
    Scenario: The learner's sidecar ends, is restarted, and serves on
      # The command may be cut off, since its container ends.
      Hint: restartPolicy is the Pod's, and Always unless the Pod says otherwise.
      Given "pod.yaml" is applied
      And the Pod "asker" runs busybox
      Then within 30 seconds the Pod "sidecar-pod" is ready
      When I run:
        """
        podip=$(kubectl get pod sidecar-pod -o jsonpath='{.status.podIP}')
        kubectl exec sidecar-pod -c sidecar-container -- nginx -s quit || true
        """
      Then within 20 seconds the restart count of the container "sidecar-container" of the Pod "sidecar-pod" is 1
      And within 1 second the restart count of the container "main-container" of the Pod "sidecar-pod" is 0
      And within 10 seconds "kubectl exec asker -- wget -q -O - http://$podip/date.log" prints "[TIME]"
      When I run "kubectl get pod sidecar-pod -o jsonpath='{.spec.restartPolicy}'"
      Then it does not print "Never"
