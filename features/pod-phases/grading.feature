Feature: Grading of the lab pod-phases
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:succeeded @live
  Scenario: The learner's Pod has succeeded once its container has ended
    Hint: by default, the containers of a Pod are always restarted.
    Given "once.yaml" is applied
    Then within 30 seconds the Pod "once" is in the phase Succeeded
    And within 1 second the Pod "once" has ended with "exit code 0, Completed"
    And within 1 second the restart count of the Pod "once" is 0
    When I run:
      """
      of_main='{.status.containerStatuses[0].state.terminated'
      times=($(kubectl get pod once -o jsonpath="$of_main.startedAt} $of_main.finishedAt}"))
      ran=$(($(date --date "${times[1]}" +%s) - $(date --date "${times[0]}" +%s)))
      ((ran <= 3)) && echo "it ended at once" || echo "it ran for $ran seconds"
      """
    Then it prints "it ended at once"

  @points:2 @task:failed
  Scenario: The learner's Pod has failed although one of its containers ends well
    Hint: the phase is Failed if all containers have ended and will not be restarted, and one exit code is not 0.
    Given "mixed.yaml" is applied
    Then within 30 seconds the container "bad" of the Pod "mixed" has ended with "exit code 3, Error"
    When I run:
      """
      of_bad='{.status.containerStatuses[?(@.name=="bad")].state.terminated'
      times=($(kubectl get pod mixed -o jsonpath="$of_bad.startedAt} $of_bad.finishedAt}"))
      ran=$(($(date --date "${times[1]}" +%s) - $(date --date "${times[0]}" +%s)))
      ((ran <= 3)) && echo "it ended at once" || echo "it ran for $ran seconds"
      """
    Then it prints "it ended at once"
    # A container that sleeps for a fixed time does not end sooner because of the file, or it ends without the file below.
    When I run "kubectl exec mixed -c good -- touch /tmp/enough"
    Then within 8 seconds the Pod "mixed" is in the phase Failed
    When I run "kubectl delete pod mixed --now"
    And "mixed.yaml" is applied
    Then within 30 seconds the container "bad" of the Pod "mixed" has ended with "exit code 3, Error"
    And within 20 seconds the Pod "mixed" is in the phase Running
    # A container that does not look for this very file has ended by then.
    When I run "kubectl exec mixed -c good -- touch /tmp/other /tmp/not-enough"
    Then for 11 seconds the Pod "mixed" is not ready
    When I run "kubectl exec mixed -c good -- touch /tmp/enough"
    Then within 10 seconds the Pod "mixed" is in the phase Failed
    And within 1 second the container "good" of the Pod "mixed" has ended with "exit code 0, Completed"

  @points:2 @task:second-try @live
  Scenario: The learner's Pod fails at first and has succeeded at its second try
    Hint: a restarted container loses the files that it has written, but not the files in a volume.
    Given "second-try.yaml" is applied
    Then within 60 seconds the Pod "second-try" is in the phase Succeeded
    And within 1 second the restart count of the Pod "second-try" is 1

  @points:2 @task:ready
  Scenario: The learner's Pod is Running before it is ready
    Hint: a readiness probe may run a command, such as one that looks for a file.
    Given "slow.yaml" is applied
    Then within 30 seconds the Pod "slow" is in the phase Running
    # A probe that only begins late does not succeed sooner because of the file, or it succeeds without the file below.
    When I run "kubectl exec slow -- touch /tmp/ready"
    Then within 9 seconds the Pod "slow" is ready
    When I run "kubectl delete pod slow --now"
    And "slow.yaml" is applied
    Then within 30 seconds the Pod "slow" is in the phase Running
    # A probe with a period of 10 seconds looks the second time before the file exists, and the third time too late. One
    # that does not look for this very file has succeeded by then.
    When I run "kubectl exec slow -- touch /tmp/other /tmp/not-ready"
    Then for 11 seconds the Pod "slow" is not ready
    When I run "kubectl exec slow -- touch /tmp/ready"
    Then within 6 seconds the Pod "slow" is ready
    And within 1 second the restart count of the Pod "slow" is 0
