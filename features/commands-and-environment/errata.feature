Feature: Errata of the lab commands-and-environment
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: A Pod tells its container what to run

    @erratum
    Scenario: A command is run without a shell
      # The document says that command and args define shell commands.
      Given "no-shell.yaml" is applied
      And "custom-command.yaml" is applied
      Then within 60 seconds the container "command-container" of the Pod "no-shell" has ended with "exit code 128, StartError"
      And within 60 seconds an event of the Pod "no-shell" says "Failed Error: [...]exec: \"while true; do date; sleep 5; done\": executable file not found in $PATH"
      And within 60 seconds the log of the Pod "custom-command-pod" shows "[TIME]"
