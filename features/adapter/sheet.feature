Feature: Adapter, two applications whose logs are read in one form
  A Ruby and a Node application write down how long their requests took, each in a form of its own. An adapter beside each
  of them prints the same in one common form. Whoever watches the applications reads the adapters, and no developer of
  either application has to change anything.

  Rule: An adapter prints what its application wrote, in the common form

    Scenario: What Ruby writes as date, host and duration is put into the common form
      Given the Pod "ruby-app" runs from "ruby-app.yaml"
      Then within 30 seconds the log of the container "adapter" of the Pod "ruby-app" has 2 lines
      When I run "kubectl exec ruby-app -c app -- head -n 2 /var/log/app/requests.log"
      Then it prints:
        """
        [TIME:first] - ruby-app - [NUMBER:seconds]
        [TIME:second] - ruby-app - [NUMBER:more]
        """
      When I run "kubectl logs ruby-app -c adapter | head -n 2"
      Then it prints:
        """
        time=[=first] host=ruby-app seconds=[=seconds]
        time=[=second] host=ruby-app seconds=[=more]
        """

    Scenario: What Node writes as host, start and end is put into the common form, with the duration between the two
      Given the Pod "node-app" runs from "node-app.yaml"
      Then within 30 seconds the log of the container "adapter" of the Pod "node-app" has 2 lines
      When I run:
        """
        kubectl exec node-app -c app -- head -n 2 /var/log/app/requests.log | tee written
        while read -r host _ start _ end; do
          echo $(($(date -d "$end" +%s) - $(date -d "$start" +%s))) seconds
        done < written
        """
      Then it prints:
        """
        node-app - [TIME:first] - [TIME]
        node-app - [TIME:second] - [TIME]
        [NUMBER:seconds] seconds
        [NUMBER:more] seconds
        """
      When I run "kubectl logs node-app -c adapter | head -n 2"
      Then it prints:
        """
        time=[=first] host=node-app seconds=[=seconds]
        time=[=second] host=node-app seconds=[=more]
        """

  Rule: A monitor reads the adapters alone

    Scenario: A monitor reads two applications in one form
      Given the Pod "node-app" runs from "node-app.yaml"
      And the Pod "ruby-app" runs from "ruby-app.yaml"
      Then within 60 seconds the log of the container "adapter" of the Pod "node-app" shows "host=node-app"
      And within 60 seconds the log of the container "adapter" of the Pod "ruby-app" shows "host=ruby-app"
      When I run "kubectl logs -l monitored=requests --all-containers --tail=1 | sort -k 2"
      Then it prints:
        """
        time=[TIME] host=node-app seconds=[NUMBER]
        time=[TIME] host=ruby-app seconds=[NUMBER]
        """

  Rule: The application is left as it is

    Scenario: An adapter can read what the application wrote, and not change it
      Given the Pod "ruby-app" runs from "ruby-app.yaml"
      Then within 60 seconds the log of the container "adapter" of the Pod "ruby-app" shows "host=ruby-app"
      And in the container "adapter" of the Pod "ruby-app" "cat /input/requests.log" prints "- ruby-app -"
      When I try "kubectl exec ruby-app -c adapter -- rm /input/requests.log"
      Then it fails with "Read-only file system"

    Scenario: An adapter that ends begins anew, and its application does not notice
      # The command may be interrupted, because its container ends.
      Given the Pod "ruby-app" runs from "ruby-app.yaml"
      Then within 60 seconds "kubectl logs ruby-app -c adapter" prints "time=[TIME:first] host=ruby-app"
      When I run "kubectl exec ruby-app -c adapter -- killall tail || true"
      Then within 60 seconds the restart count of the container "adapter" of the Pod "ruby-app" is 1
      And within 60 seconds "kubectl logs ruby-app -c adapter" prints "time=[=first] host=ruby-app"
      And within 1 second the restart count of the container "app" of the Pod "ruby-app" is 0
