Feature: Grading of the lab adapter
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:2 @task:ruby
  Scenario: The learner's adapter puts what Ruby writes into the common form
    Hint: write a line to the file with kubectl exec, and look at the adapter's log.
    Given "ruby-app.yaml" is applied
    Then within 30 seconds the Pod "ruby-app" is ready
    And within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "time=[TIME] host=ruby-app seconds=[NUMBER]"
    # Several requests may end in the same moment.
    When I run:
      """
      lines='2026-01-02T03:04:05Z - other - 77\n2026-01-02T03:04:05Z - another - 78\n2026-01-02T03:04:06Z - other - 79\n'
      kubectl exec ruby-app -c app -- sh -c "printf '$lines' >> /var/log/app/requests.log"
      """
    Then within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "time=2026-01-02T03:04:05Z host=other seconds=77"
    And within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "time=2026-01-02T03:04:05Z host=another seconds=78"
    And within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "time=2026-01-02T03:04:06Z host=other seconds=79"
    # A request may take no time.
    When I run "kubectl exec ruby-app -c app -- sh -c 'echo 2026-01-02T03:04:07Z - fast - 0 >> /var/log/app/requests.log'"
    Then within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "time=2026-01-02T03:04:07Z host=fast seconds=0"
    # Each request is reported once.
    When I run "kubectl logs ruby-app -c adapter | grep '^time=' | sort | uniq -d | wc -l"
    Then it prints:
      """
      0
      """

  @points:3 @task:node
  Scenario: The learner's adapter puts what Node writes into the common form
    Hint: a request may end in a later minute, on a later day or in a later year than it began. All times are in UTC.
    Given "node-app.yaml" is applied
    Then within 30 seconds the Pod "node-app" is ready
    And within 15 seconds the log of the container "adapter" of the Pod "node-app" shows "time=[TIME] host=node-app seconds=[NUMBER]"
    When I run:
      """
      for line in 'other - 2026-12-31T23:59:58Z - 2027-01-02T00:01:15Z' 'leap - 2028-02-28T23:59:58Z - 2028-03-01T00:01:15Z' \
        'spring - 2026-03-08T06:59:50Z - 2026-03-29T03:00:10Z'
      do kubectl exec node-app -c app -- sh -c "echo $line >> /var/log/app/requests.log"
      done
      """
    Then within 15 seconds the log of the container "adapter" of the Pod "node-app" shows "time=2026-12-31T23:59:58Z host=other seconds=86477"
    And within 15 seconds the log of the container "adapter" of the Pod "node-app" shows "time=2028-02-28T23:59:58Z host=leap seconds=86477"
    # Some clocks change in these weeks, but not that of UTC.
    And within 15 seconds the log of the container "adapter" of the Pod "node-app" shows "time=2026-03-08T06:59:50Z host=spring seconds=1800020"
    When I run "kubectl logs node-app -c adapter | grep '^time=' | sort | uniq -d | wc -l"
    Then it prints:
      """
      0
      """

  @points:1 @task:monitor @lenient
  Scenario: The learner's adapters are read in one form
    Hint: the monitor only runs "kubectl logs -l monitored=requests -c adapter".
    Given "node-app.yaml" is applied
    And "ruby-app.yaml" is applied
    Then within 30 seconds 2 Pods labelled "monitored=requests" are ready
    And within 15 seconds the log of the container "adapter" of the Pod "node-app" shows "host=node-app"
    And within 15 seconds the log of the container "adapter" of the Pod "ruby-app" shows "host=ruby-app"
    When I run "kubectl logs -l monitored=requests -c adapter --tail=1 | sort -k 2"
    Then it prints:
      """
      time=[TIME] host=node-app seconds=[NUMBER]
      time=[TIME] host=ruby-app seconds=[NUMBER]
      """

  @points:1 @task:file @lenient
  Scenario: The learner's adapter cannot change what the application writes
    Hint: readOnly is a setting of the mount, not of the volume.
    Given "ruby-app.yaml" is applied
    Then within 30 seconds the Pod "ruby-app" is ready
    And within 15 seconds "/input/requests.log" in the container "adapter" of the Pod "ruby-app" shows "[TIME] - ruby-app - [NUMBER]"
    And "/input/requests.log" in the container "adapter" of the Pod "ruby-app" is read-only
