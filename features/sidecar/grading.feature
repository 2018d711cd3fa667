Feature: Grading of the lab sidecar
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:containers
  Scenario: The learner's Pod runs an application and a sidecar
    Hint: "kubectl describe pod sidecar-pod" shows both containers and their states.
    Given "pod.yaml" is applied
    Then within 30 seconds the Pod "sidecar-pod" is ready
    When I run:
      """
      each='[*]}{.name}: {.image}{"\n"}{end}'
      kubectl get pod sidecar-pod -o jsonpath="{range .spec.initContainers$each{range .spec.containers$each" | sort
      """
    Then it prints "main-container: [...]busybox"
    And it prints "sidecar-container: [...]nginx:1.7.9"

  @points:2 @task:volume @lenient
  Scenario: The learner's sidecar serves what is in the main container's file
    Hint: both containers mount the same volume, the sidecar at /usr/share/nginx/html.
    Given "pod.yaml" is applied
    And the Pod "asker" runs busybox
    Then within 30 seconds the Pod "sidecar-pod" is ready
    When I run:
      """
      podip=$(kubectl get pod sidecar-pod -o jsonpath='{.status.podIP}')
      page_after() {
        kubectl exec sidecar-pod -c main-container -- sh -c "echo $1 of labproof >> /var/log/app/date.log"
        kubectl exec asker -- wget -q -O - http://$podip/date.log
      }
      """
    Then within 10 seconds "page_after 'first line'" prints "first line of labproof"
    # The sidecar serves the file itself: a copy has a new line only after a while.
    # A main container that replaces the file may lose one line, but not two in a row.
    When I run:
      """
      serves() { page_after "$1" | grep "$1 of labproof"; }
      for number in $(seq 10)
      do
        serves "line $number" || serves "again line $number" || echo "line $number is late"
      done
      """
    Then it does not print "late"

  @points:2 @task:dates @lenient
  Scenario: The learner's main container writes the date again and again
    Hint: use a shell loop that writes and sleeps; >> appends to a file, > overwrites it.
    Given "pod.yaml" is applied
    And the Pod "asker" runs busybox
    Then within 30 seconds the Pod "sidecar-pod" is ready
    When I run "podip=$(kubectl get pod sidecar-pod -o jsonpath='{.status.podIP}')"
    Then within 30 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 1p\"" prints "[TIME:first]"
    And within 20 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 3p\"" prints "[TIME]"
    # Each line is the date alone.
    When I run "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | head -n 3\""
    Then it prints:
      """
      [TIME]
      [TIME]
      [TIME]
      """
    And "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 1p\"" prints "[=first]"
    When I run "next=$(kubectl exec asker -- wget -q -O - http://$podip/date.log | wc -l | awk '{print $1 + 1}')"
    Then within 20 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n ${next}p\"" prints "[TIME]"
    When I run:
      """
      times=$(kubectl exec asker -- wget -q -O - http://$podip/date.log | head -n 3 | grep -oE '[0-9]+:[0-9]+:[0-9]+')
      at=($(while IFS=: read -r hour minute second; do echo $((60 * 10#$minute + 10#$second)); done <<< "$times"))
      one=$(((at[1] - at[0] + 3600) % 3600)) two=$(((at[2] - at[1] + 3600) % 3600))
      ((one >= 4 && one <= 7 && two >= 4 && two <= 7)) && echo "a date every 5 seconds" || echo "$one and $two seconds between dates"
      """
    Then it prints "a date every 5 seconds"
    # Lines are only added: the first date stays when there are many.
    When I run "kubectl exec sidecar-pod -c main-container -- sh -c 'seq 100 >> /var/log/app/date.log'"
    Then within 15 seconds "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | tail -n 1\"" prints "[TIME]"
    And "kubectl exec asker -- sh -c \"wget -q -O - http://$podip/date.log | sed -n 1p\"" prints "[=first]"
    # Minutes and seconds, because a container may be in another time zone.
    When I run:
      """
      last=$(kubectl exec asker -- wget -q -O - http://$podip/date.log | grep -oE '[0-9]+:[0-9]+:[0-9]+' | tail -n 1)
      IFS=: read -r hour minute second <<< "$last"
      age=$((($(date +%s) - 60 * 10#$minute - 10#$second) % 900))
      ((age <= 15)) && echo "the last date is of now" || echo "the last date, $last, is not of now"
      """
    Then it prints "the last date is of now"

  @points:1 @task:restart @lenient
  Scenario: The learner's sidecar ends, is restarted, and serves on
    # The command may be interrupted, because its container ends.
    Hint: restartPolicy is a field of the Pod; its default is Always.
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
    # The main container ends as well if it is asked to, with exit code 0.
    Then it prints "Always"
