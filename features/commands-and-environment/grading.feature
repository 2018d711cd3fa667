Feature: Grading of the lab commands-and-environment
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:command
  Scenario: The learner's shell prints the date again and again
    Hint: only a shell understands a loop: command is the shell, and args are its arguments.
    Given "clock.yaml" is applied
    Then within 60 seconds the Pod "clock" is ready
    And within 20 seconds the log of the Pod "clock" has 3 lines
    When I run "kubectl logs clock | head -n 3"
    Then it prints:
      """
      [TIME]
      [TIME]
      [TIME]
      """
    When I run:
      """
      at=($(kubectl logs clock --timestamps | cut -d ' ' -f 1 | head -n 3 | date --file - +%s))
      twice=$((at[2] - at[0]))
      ((twice >= 9 && twice <= 11)) && echo every 5 seconds || echo "two dates after $twice seconds"
      """
    Then it prints "every 5 seconds"
    # A date that is printed again is none of now.
    When I run "kubectl logs clock | head -n 3 | sort -u | wc -l"
    Then it prints:
      """
      3
      """
    And "kubectl get pod clock -o jsonpath='{.spec.containers[*].image}'" prints "alpine"
    # It goes on: the next two dates come after those that have been printed by now.
    When I run "printed=$(kubectl logs clock | wc -l)"
    Then within 15 seconds "kubectl logs clock | sed -n $((printed + 2))p" prints "[TIME]"
    # A shell that ends after some dates is restarted, later and later.
    And for 25 seconds the restart count of the Pod "clock" stays 0

  @points:2 @task:args
  Scenario: The learner's argument takes the place of the image's own
    Hint: args replace the image's CMD, and command replaces its ENTRYPOINT.
    Given the image "entrypoint-and-cmd:1.0" is on every node
    And "greeting.yaml" is applied
    Then within 60 seconds the Pod "greeting" is in the phase Succeeded
    And within 1 second the log of the Pod "greeting" shows "ENTRYPOINT Hello"
    When I run "kubectl logs greeting"
    Then it prints:
      """
      ENTRYPOINT Hello
      """
    When I run "kubectl get pod greeting -o jsonpath='{.spec.containers[*].image}, command: {.spec.containers[*].command}'"
    Then it prints:
      """
      [...]entrypoint-and-cmd:1.0, command:
      """

  @points:2 @task:variables
  Scenario: The learner's Pod gives variables to one container and not to the other
    Hint: env belongs to a container; a variable that a program sets for itself is unknown to all others.
    Given "variables.yaml" is applied
    Then within 60 seconds the Pod "variables" is ready
    # Either of them may be a sidecar among the init containers.
    And "kubectl get pod variables -o jsonpath='{.spec.initContainers[*].image} {.spec.containers[*].image}'" prints "alpine[...]alpine"
    And the environment of the container "first" of the Pod "variables" has "BASE_URL=https://api.company.com/"
    And the environment of the container "first" of the Pod "variables" has "CONNECTION_STRING=mongodb://localhost:27017"
    And the environment of the container "second" of the Pod "variables" lacks "BASE_URL"
    And the environment of the container "second" of the Pod "variables" lacks "CONNECTION_STRING"

  @points:2 @task:expansion
  Scenario: The learner's variable is put into the arguments by Kubernetes
    Hint: "kubectl explain pod.spec.containers.args" shows how to write a variable for Kubernetes.
    Given "delay.yaml" is applied
    Then within 60 seconds the Pod "delay" is ready
    And the environment of the Pod "delay" has "DELAY=1234"
    # A shell could put the variable in as well; before it does, its arguments lack the number.
    And the Pod "delay" was started with "sleep 1234"
    And within 5 seconds the Pod "delay" runs the process "[...]sleep 1234[...]"
    When I run "kubectl get pod delay -o jsonpath='{.spec.containers[*].command} {.spec.containers[*].args}' | tee typed"
    Then it prints "sleep"
    And it does not print "1234"
    # Seconds are the only unit that need not be written.
    When I run "sed -n 's/.*[)]\\([mhd]\\).*/in other units: \\1/p' typed"
    Then it prints nothing
