Feature: Grading of the lab helloworld
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:5
  Scenario: The learner's Dockerfile builds an image
    Hint: run "docker build -t ubuntu/helloworld ." in your folder, and fix the errors until it succeeds.
    Given the image "ubuntu/helloworld" is built
    Then the engine has the image "ubuntu/helloworld"

  @points:1 @task:9 @lenient @live
  Scenario: The learner's Pod runs the learner's image
    Hint: the Pod's name is "hello" and its image is ubuntu/helloworld. Choose an imagePullPolicy with which the image is not pulled.
    Given the image "ubuntu/helloworld" is on every node
    And "pod.yaml" is applied
    Then within 60 seconds the Pod "hello" is ready
    And the Pod "hello" runs the image "ubuntu/helloworld"
    And within 30 seconds 1 Pod labelled "run=hello" is ready
    # A server that ends at once is ready for a moment, which is longer on a busy machine.
    And for 15 seconds the restart count of the Pod "hello" stays 0
    And within 1 second the Pod "hello" is ready

  @points:2 @task:14
  Scenario: The learner's server answers Hello World on port 3000
    Hint: test it as in the lab, with wget from a busybox Pod. "npm start" starts the server, and the image's CMD is its port.
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
    And within 20 seconds the Pod "hello" listens on port 3000
    And within 20 seconds the Pod "hello" runs the process "[...]npm[...] start[...]"

  @points:2 @task:15
  Scenario: The learner's other arguments move the server to port 3001
    Hint: the container's args replace the image's CMD.
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
    And within 20 seconds the Pod "hello" listens on port 3001

  @points:1 @task:15 @hidden @lenient
  Scenario: The learner's server listens on whatever port it is given
    Hint: the port is an argument of the server, not a number in its code.
    Given the image "ubuntu/helloworld" is on every node
    And the Pod "other" runs from "other.yaml"
    And the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod other -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -U curl/8.5.0 -O - http://$podip:4321/any/path" succeeds
    And it prints:
      """
      Hello World
      """
    # The server answers every request, whatever its method.
    And within 10 seconds "kubectl exec asker -- wget -q -O - --post-data=name=labproof http://$podip:4321" prints "Hello World"
    And within 20 seconds the Pod "other" listens on port 4321
    # A server may know some ports, but not this one.
    When I run:
      """
      port=$((20000 + RANDOM % 10000))
      kubectl run another --image ubuntu/helloworld --image-pull-policy Never -- $port
      """
    Then within 60 seconds the Pod "another" is ready
    When I run "anotherip=$(kubectl get pod another -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$anotherip:$port" prints "Hello World"
    # A server that ends after a while, or after an answer, is restarted.
    And for 4 seconds the restart count of the Pod "other" stays 0
    And within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:4321" prints "Hello World"

  @points:1 @task:18
  Scenario: The learner's commands delete all Pods
    Hint: "kubectl delete pods" accepts several names, separated by blanks.
    # The names are random: a script could contain fixed ones.
    When I run:
      """
      for number in 1 2
      do kubectl run "pod-$RANDOM" --labels made=before --image busybox --image-pull-policy IfNotPresent -- sleep 3600
      done
      kubectl run "pod-$RANDOM" --image busybox --overrides '{"spec": {"nodeSelector": {"no": "node"}}}'
      """
    Then within 60 seconds 2 Pods labelled "made=before" are ready
    When the task "18" is done
    Then within 60 seconds no Pods remain
