Feature: A Job
  Drafted from job.adoc by `labproof draft`. Each scenario is a section of the document.

  Scenario: A Job
    Given the lab's files are in the folder "job"
    When I run "kubectl create job pi --image=busybox -- echo 3.14"
    Then within 60 seconds "kubectl get jobs" prints:
      """
      NAME   COMPLETIONS   DURATION   AGE
      pi     1/1           [AGE]      [AGE]
      """
    And "kubectl apply --dry-run=server -f job.yaml" prints "(server dry run)"
