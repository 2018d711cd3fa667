Feature: Errata of the lab sidecar
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: The hint of the exercise does not make a sidecar

    @erratum
    Scenario: The hint alone is not YAML
      # The document has "image:" and "ports:" in the column of the dash that begins the container.
      When I run:
        """
        tee hint.yaml <<EOF
        - name: sidecar-container
        image: nginx:1.7.9
        ports:
        - containerPort: 80
        EOF
        """
      And I try "kubectl apply -f hint.yaml"
      Then it fails with "error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator"

    @erratum
    Scenario: Put into a Pod as it is indented, the hint gives its image and its port to the Pod
      # The document's "image:" and "ports:" stand beside "containers:", not within the container.
      When I run:
        """
        tee pod.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: sidecar-pod
        spec:
          containers:
          - name: sidecar-container
          image: nginx:1.7.9
          ports:
          - containerPort: 80
        EOF
        """
      And I try "kubectl apply -f pod.yaml"
      Then it fails with "unknown field \"spec.image\", unknown field \"spec.ports\""
      When I try "kubectl apply --validate=false -f pod.yaml"
      Then it fails with "spec.containers[0].image: Required value"
      When I run "sed -i -e 's/^  image/    image/; s/^  ports/    ports/; s/^  - containerPort/    - containerPort/' pod.yaml"
      Then "kubectl apply -f pod.yaml" prints "pod/sidecar-pod created"

    @erratum
    Scenario: A sidecar without a shared volume has no file to serve
      # The document's hint has no volume, and nothing says that the two containers need one.
      Given the Pod "sidecar-pod" runs from "unshared.yaml"
      Then within 60 seconds "kubectl exec sidecar-pod -c main-container -- cat /var/log/app/date.log" prints "[TIME]"
      And within 60 seconds "kubectl exec sidecar-pod -c main-container -- wget -O - http://localhost/" prints "nginx"
      And in the container "main-container" of the Pod "sidecar-pod" "wget -O - http://localhost/date.log" fails with "404 Not Found"

    @erratum
    Scenario: The packages of nginx:1.7.9 are served no more
      # The document wants curl to be installed into nginx:1.7.9, which is made of Debian wheezy.
      Given the Pod "sidecar-pod" runs from "today.yaml"
      When I open a session with "kubectl exec -it sidecar-pod -c sidecar-container -- bash"
      And I type "apt-get update && echo these packages are served"
      Then within 60 seconds the session shows "these packages are served"
      When I type "sed -i -E 's/(bookworm|trixie)/wheezy/' $(grep -rlE 'bookworm|trixie' /etc/apt/sources.list*); apt-get update"
      Then within 60 seconds the session shows "wheezy Release' does not have a Release file."
