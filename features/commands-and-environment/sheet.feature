Feature: Commands, arguments and environment variables of a container
  An image says what its container runs; a Pod's command and args say something else. A Pod also gives variables to its
  containers, and puts their values into the arguments.

  Rule: A Pod tells its container what to run

    Scenario: A shell prints the date every 5 seconds
      Given "custom-command.yaml" is applied
      Then within 40 seconds the log of the container "command-container" of the Pod "custom-command-pod" has 3 lines
      And the Pod "custom-command-pod" pulled the image "alpine"
      When I run "kubectl logs custom-command-pod | head -n 3"
      Then it prints:
        """
        [TIME]
        [TIME]
        [TIME]
        """
      When I run "kubectl exec custom-command-pod -- ps"
      Then it prints:
        """
        [...]
            1 root [...] /bin/sh -c while true; do date; sleep 5; done
        [...] sleep 5
        [...]
        """

  Rule: The image's ENTRYPOINT and CMD give way to the Pod's command and args

    Scenario Outline: With <given> the container runs "echo <arguments>"
      Given the image "entrypoint-and-cmd:1.0" is on every node
      And "<pod>.yaml" is applied
      Then within 60 seconds the Pod "<pod>" is in the phase Succeeded
      When I run "kubectl logs <pod>"
      Then it prints:
        """
        <arguments>
        """

      Examples:
        | pod     | given                    | arguments       |
        | neither | neither command nor args | ENTRYPOINT CMD  |
        | args    | args only                | ENTRYPOINT args |
        | command | command only             | command         |
        | both    | both command and args    | command args    |

  Rule: A Pod gives environment variables to its containers

    Scenario: The container has the variables BASE_URL and CONNECTION_STRING
      Given the Pod "environment-variables" runs from "environment-variables.yaml"
      When I run "kubectl exec environment-variables -c env-var-container -- printenv BASE_URL CONNECTION_STRING"
      Then it prints:
        """
        https://api.company.com/
        mongodb://localhost:27017
        """
      When I run "kubectl describe pod environment-variables"
      Then it prints:
        """
        [...]
          env-var-container:
        [...]
            Image:          nginx:1.7.9
        [...]
            Environment:
              BASE_URL:           https://api.company.com/
              CONNECTION_STRING:  mongodb://localhost:27017
            Mounts:
        [...]
        """

    Scenario: Another container of the Pod does not have the first one's variable
      Given the Pod "two-containers" runs from "two-containers.yaml"
      Then in the container "with" of the Pod "two-containers" "env" prints "BASE_URL=https://api.company.com/"
      When I run "kubectl exec two-containers -c without -- env"
      Then it does not print "BASE_URL"

    Scenario: The value of a variable must be a string
      Given the lab's files are in the folder "commands-and-environment"
      When I try "kubectl apply -f unquoted.yaml"
      Then it fails with "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string"
      When I run "sed 's/value: 45/value: \"45\"/' unquoted.yaml | kubectl apply --dry-run=server -f -"
      Then it prints "pod/unquoted created (server dry run)"

  Rule: Kubernetes puts the values of variables into args

    Scenario: The shell is given the 45 of DELAY_START
      Given "delay-start.yaml" is applied
      Then within 60 seconds the log of the Pod "delay-start" shows "Sleeping for 45 seconds"
      When I run "kubectl exec delay-start -- ps"
      Then it prints "/bin/sh -c echo 'Sleeping for 45 seconds'; sleep 45; echo 'Starting server...'"

    Scenario: A variable that is not set is left to the shell, which takes it for a command
      Given "delay-unset.yaml" is applied
      Then within 60 seconds the Pod "delay-unset" is in the phase Failed
      And within 60 seconds the log of the Pod "delay-unset" shows "Sleeping for $(DELAY_START) seconds"
      And within 60 seconds the log of the Pod "delay-unset" shows "/bin/sh: DELAY_START: not found"

    Scenario: Of four ways to write a variable into args only one has its value put in
      Given "expansion.yaml" is applied
      Then within 60 seconds the Pod "expansion" is in the phase Succeeded
      When I run "kubectl logs expansion"
      Then it prints:
        """
        hello $(GREETING) $(NOBODY) $GREETING
        """
