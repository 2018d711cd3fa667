Feature: A web server
  Drafted from web.md by `labproof draft`. Each scenario is a section of the document.

  # web.md:10: no step for `kind create cluster --name course`: not run: environment: labproof has the cluster already
  # web.md:11: no step for `git clone https://example.com/course.git`: not run: environment: labproof fetches no repository: put its files beside the document

  Scenario: The Pod
    Given the lab's files are in the folder "web"
    When I run "kubectl apply -f web.yaml"
    Then it prints:
      """
      pod/web created
      """
    And within 60 seconds "kubectl get pods" prints:
      """
      NAME   READY   STATUS    RESTARTS   AGE
      web    1/1     Running   0          [AGE]
      """

  Scenario: Inside
    Given port 8080 is free
    And the lab's files are in the folder "web"
    And I have run:
      """
      kubectl apply -f web.yaml
      """
    Then within 60 seconds the Pod "web" is ready
    When I open a session with "kubectl exec -it web -- bash"
    And I type "echo hello > /usr/share/nginx/html/index.html"
    And I type "exit"
    Then within 60 seconds the session ends
    When I run "kubectl port-forward web 8080:80 > line-70.log 2>&1 &"
    Then within 60 seconds "curl -s http://localhost:8080" succeeds

  # web.md:82: no step for `kubectl edit pod web`: not run: interactive: it opens an editor
  # web.md:83: no step for `rm -rf ~/.kube`: not run: unsafe: it removes ~/.kube, which is the reader's own
  # web.md:84: no step for `docker system prune -af`: not run: unsafe: it removes what others use
  # web.md:90: no step for `selector: …`: not run: the content of a file that the document does not name
  # web.md:98: no step for `kubectl delete pods --all`: not run: the document says `labproof: skip`
  # web.md:108: no step for `$ip = kubectl get pod web -o jsonpath='{.status.podIP}'`: not run: not understood: bash does not understand powershell
  Scenario: Ideas
    Given port 8080 is free
    And the lab's files are in the folder "web"
    And I have run:
      """
      kubectl apply -f web.yaml
      """
    Then within 60 seconds the Pod "web" is ready
    When I open a session with "kubectl exec -it web -- bash"
    And I type "echo hello > /usr/share/nginx/html/index.html"
    And I type "exit"
    Then within 60 seconds the session ends
    Given I have run:
      """
      kubectl port-forward web 8080:80 > line-70.log 2>&1 &
      """
    Then within 60 seconds "name1=$(kubectl get pod -o jsonpath='{.items[0].metadata.name}') && [ -n \"$name1\" ]" succeeds
    And within 60 seconds "kubectl logs $name1" succeeds
