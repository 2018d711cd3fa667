Feature: A namespace, its team and its rights

  Scenario: A namespace is labelled
    When I run "kubectl label namespace $(kubectl config view --minify -o jsonpath='{..namespace}') team=shop"
    Then the namespace belongs to the team "shop"

  Scenario: A viewer may look and not touch
    Given "viewer.yaml" is applied
    Then the ServiceAccount "viewer" may list pods
    And the ServiceAccount "viewer" may not delete pods
