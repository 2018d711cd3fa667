Feature: Grading of the lab basicserver
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:2 @task:arguments
  Scenario: The learner's Pod greets the universe with Hi
    Hint: the arguments are the complete command: the server's file and the target. basicserver2.py reads no variable.
    Given the image "basicserver:0.44" is on every node
    And the Pod "basicserver3" runs from "pod3.yaml"
    And the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod basicserver3 -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:5000" succeeds
    And it prints:
      """
      Hi, Universe!
      """
    And the Pod "basicserver3" runs the image "basicserver:0.44"
    And the Pod "basicserver3" was started with "basicserver3.py Universe"
    And within 20 seconds the Pod "basicserver3" listens on port 5000
    # Where the container has the variable, its program must read it: another value makes another greeting.
    When I run:
      """
      greeting=$(kubectl get pod basicserver3 -o jsonpath='{.spec.containers[*].env[?(@.name=="GREETING")].name}' | cut -d ' ' -f 1)
      kubectl get pod basicserver3 -o yaml | kubectl set env --local -f - "${greeting:-OTHER}=Salut" -o yaml \
        | grep -v -E '^  (resourceVersion|uid|nodeName):' | sed 's/^  name: basicserver3$/  name: other/' \
        | kubectl create -f -
      [[ $greeting ]] && answer="Salut, Universe!" || answer="Hi, Universe!"
      """
    Then it prints "pod/other created"
    And within 60 seconds the Pod "other" is ready
    When I run "podip=$(kubectl get pod other -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- wget -q -O - http://$podip:5000 | grep -x \"$answer\"" succeeds

  @points:1 @task:environment @lenient
  Scenario: The learner's Pod has the greeting in its environment
    Hint: the container's "env" gives the variable GREETING to all its processes.
    Given the image "basicserver:0.44" is on every node
    And the Pod "basicserver3" runs from "pod3.yaml"
    Then the environment of the Pod "basicserver3" has "GREETING=Hi"

  @points:2 @task:replicaset
  Scenario: The learner's ReplicaSet makes two servers anew
    Hint: "kubectl get replicasets" shows the wanted and the current number of Pods.
    Given the image "basicserver:0.44" is on every node
    And "replicaset3.yaml" is applied
    And the Pod "asker" runs busybox
    Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
    When I run:
      """
      answers() {
        for podip in $(kubectl get pods -l app=basicserver -o jsonpath='{.items[*].status.podIP}')
        do kubectl exec asker -- wget -q -O - http://$podip:5000 && echo
        done | sort | uniq -c | xargs
      }
      """
    Then within 30 seconds "answers" prints "2 Hi, Universe!"
    When I run "kubectl delete pods -l app=basicserver --now"
    Then within 60 seconds 2 Pods labelled "app=basicserver" are ready
    And "kubectl get replicasets -o jsonpath='{range .items[*]}wants {.spec.replicas}.{end}'" prints "wants 2."
    When I run "kubectl get pods -l app=basicserver -o jsonpath='{.items[*].spec.containers[*].image}'"
    Then it prints "basicserver:0.44 [...]basicserver:0.44"
    And it does not print "busybox"
    And within 30 seconds "answers" prints "2 Hi, Universe!"

  @points:2 @task:service
  Scenario: The learner's Service leads from its port 80 to port 5000 of a Pod
    Hint: the Service's selector is the Pods' label, and its targetPort is the port on which they listen.
    Given "service.yaml" is applied
    And the Pod "answers" runs from "answers.yaml"
    And the Pod "asker" runs busybox
    Then within 20 seconds the Service "basicserver" sends to the Pod "answers"
    And within 20 seconds "timeout 10 kubectl exec asker -- wget -q -O - http://basicserver/hostname" prints "answers"
    # Another Pod with this label could answer on another port.
    And "kubectl get service basicserver -o jsonpath='{range .spec.ports[*]}{.port} leads to {.targetPort}.{end}'" prints "80 leads to 5000."
