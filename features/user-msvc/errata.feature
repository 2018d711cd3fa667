Feature: Errata of the lab user-msvc
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: The service foo is put into an image

    @erratum
    Scenario: The server is in /usr/bin
      # The document's text says twice "/user/bin/server"; its Dockerfile says "/usr/bin/server".
      Given the image "foo:1.0.0-copied" is built
      When I try "docker run --rm --entrypoint ls foo:1.0.0-copied /user/bin/server"
      Then it fails with "ls: /user/bin/server: No such file or directory"
      And "docker run --rm --entrypoint ls foo:1.0.0-copied /usr/bin/server" prints "/usr/bin/server"

  Rule: The document's manifest does not work as it stands

    @erratum
    Scenario: The namespace must be created first
      # The document's manifest names the namespace user-msvc three times, and nothing makes it.
      Given no namespace is called "user-msvc"
      And the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f user-msvc.yaml"
      Then it fails with:
        """
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        """
      When I run "kubectl create namespace user-msvc"
      And I run "kubectl apply -f user-msvc.yaml"
      Then it prints "pod/user-msvc created"

    @erratum
    Scenario: A Service that names no namespace does not find the Pod
      # The document's Service has no "namespace: user-msvc"; its Pod has.
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And no namespace is called "user-msvc"
      And the lab's files are in the folder "user-msvc"
      When I run:
        """
        kubectl create namespace user-msvc
        kubectl apply -f user-msvc.yaml
        kubectl apply -f service-without-namespace.yaml
        """
      Then within 60 seconds "kubectl describe service user-msvc -n user-msvc" prints "Endpoints: [IP]:443"
      And within 60 seconds the Service "user-msvc" selects no Pod
      When I run "kubectl apply -n user-msvc -f service-without-namespace.yaml"
      Then it prints "service/user-msvc unchanged"

    @erratum
    Scenario: The API key is not base64
      # The document shows "datadog-api-key: XKSSAKCKANmOWQ5NDU1NWU2MWE2ZDI=": 31 characters, which is no multiple of 4.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f secret-not-base64.yaml"
      Then it fails with:
        """
        Error from server (BadRequest): error when creating "secret-not-base64.yaml": Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 31
        """
      And "echo XKSSAKCKANmOWQ5NDU1NWU2MWE2ZDI= | base64 -d" fails with "invalid input"
      And "echo Yzk4MDZkNzAxNTQwMjkwOA== | base64 -d" prints "c9806d7015402908"
      When I run "sed 's/XKSSAKCKANm//' secret-not-base64.yaml | kubectl apply -f -"
      Then it prints "secret/user-msvc created"

    @erratum
    Scenario: The volume wants a Secret that nobody makes
      # The document's Secret is called user-msvc, its volume wants user-msvc-secret.
      Given the lab's files are in the folder "user-msvc"
      When I run "kubectl apply -f secret-of-another-name.yaml"
      Then within 60 seconds an event of the Pod "user-msvc" says "Warning FailedMount MountVolume.SetUp failed for volume \"user-msvc-secret\" : secret \"user-msvc-secret\" not found"
      And within 60 seconds the Pod "user-msvc" has the status "ContainerCreating"
      When I run "sed 's/secretName: user-msvc-secret/secretName: user-msvc/' secret-of-another-name.yaml | kubectl replace --force --grace-period=0 -f -"
      Then within 60 seconds the Pod "user-msvc" is ready
      And in the Pod "user-msvc" "cat /etc/user-msvc/secret/github-access-token" prints "c9806d7015402908"

    @erratum
    Scenario: A container cannot mount a volume that the Pod does not have
      # The document's volume is called datadog-data, its container user-msvc mounts ndatadog-data.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f volume-misspelt.yaml"
      Then it fails with:
        """
        The Pod "user-msvc" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "ndatadog-data"
        """
      When I run "sed 's/ndatadog-data/datadog-data/' volume-misspelt.yaml | kubectl apply -f -"
      Then it prints "pod/user-msvc created"

    @erratum
    Scenario: Requests and limits that stand beside the image are unknown fields
      # The document has "requests:" and "limits:" where "image:" is, without "resources:" around them.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f resources-misplaced.yaml"
      Then it fails with:
        """
        Error from server (BadRequest): error when creating "resources-misplaced.yaml": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].limits", unknown field "spec.containers[0].requests"
        """
      And "kubectl explain pod.spec.containers.requests" fails with "field \"requests\" does not exist"
      And "kubectl explain pod.spec.containers.resources.requests" prints "Requests describes the minimum amount of compute resources required."
      And "kubectl explain pod.spec.containers.resources.limits" prints "Limits describes the maximum amount of compute resources allowed."

    @erratum
    Scenario: Without validation misplaced requests and limits are dropped
      # The same YAML, in case the learner turns validation off to avoid the error.
      Given the lab's files are in the folder "user-msvc"
      When I run "kubectl apply --validate=warn -f resources-misplaced.yaml"
      Then it prints on standard error:
        """
        Warning: unknown field "spec.containers[0].limits"
        Warning: unknown field "spec.containers[0].requests"
        """
      When I run "kubectl describe pod user-msvc"
      Then it prints "QoS Class: BestEffort"
      And it does not print "200Mi"

    @erratum
    Scenario: Three dots are no requests
      # The document has "requests:" and beneath it "..." for two of its containers.
      When I run:
        """
        tee dots.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: user-msvc
        spec:
          containers:
          - name: cloudsql-proxy
            image: gcr.io/cloudsql-docker/gce-proxy:1.12
            resources:
              requests:
                ...
        EOF
        """
      And I try "kubectl apply -f dots.yaml"
      Then it fails with "cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.requests of type v1.ResourceList"
      When I run "sed 's/[.][.][.]/cpu: 50m/' dots.yaml | kubectl apply --dry-run=server -f -"
      Then it prints "pod/user-msvc created (server dry run)"

    @erratum
    Scenario: Nobody can pull the document's images
      # The document names images in gcr.io/path/to, where there is nothing.
      Given "always-pulled.yaml" is applied
      Then within 60 seconds an event of the Pod "user-msvc" says "Failed to pull image \"gcr.io/path/to/user-msvc:1.0.0\""
      And within 60 seconds an event of the Pod "user-msvc" says "Failed to pull image \"gcr.io/path/to/monitor:1.0.0\""

    @erratum
    Scenario: The Service gets no address from loadBalancerIP
      # The document asks for the address 12.34.56.78, in a field that is deprecated since Kubernetes 1.24.
      Given "service-without-namespace.yaml" is applied
      When I run "kubectl get service user-msvc"
      Then it prints "user-msvc LoadBalancer [IP] <pending> 443:[NUMBER]/TCP [AGE]"
      When I run "kubectl describe service user-msvc"
      Then it prints "Desired LoadBalancer IP: 12.34.56.78"
      And it does not print "LoadBalancer Ingress"
      And "kubectl explain service.spec.loadBalancerIP" prints "Deprecated: This field was under-specified and"

  Rule: The document's text is not about its manifest

    @erratum
    Scenario: A log beside the volume is seen by one container only
      # The document's text mounts the volume at /var/log and writes /var/log/user-msvc-error.log; its manifest mounts the
      # volume at /var/log/user-msvc.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I run "kubectl exec user-msvc -c user-msvc -- sh -c 'echo no users > /var/log/user-msvc-error.log'"
      Then in the container "datadog-agent" of the Pod "user-msvc" "cat /var/log/monitor/user-msvc-error.log" fails with "No such file or directory"
      When I run "kubectl exec user-msvc -c user-msvc -- sh -c 'echo no users > /var/log/user-msvc/user-msvc-error.log'"
      Then in the container "datadog-agent" of the Pod "user-msvc" "cat /var/log/monitor/user-msvc-error.log" prints "no users"

    @erratum
    Scenario: The agent's container is not called monitor
      # The document's text has a container called monitor, its manifest one called datadog-agent.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I try "kubectl logs user-msvc -c monitor"
      Then it fails with:
        """
        error: container monitor is not valid for pod user-msvc[from 1.36:  out of: user-msvc, datadog-agent]
        """
      And within 60 seconds "kubectl logs user-msvc -c datadog-agent" prints "I read"

    @erratum
    Scenario: The microservice's container is not called user-usvc
      # The document's text has a container called user-usvc, its manifest one called user-msvc.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I try "kubectl logs user-msvc -c user-usvc"
      Then it fails with:
        """
        error: container user-usvc is not valid for pod user-msvc[from 1.36:  out of: user-msvc, datadog-agent]
        """
      And within 60 seconds "kubectl logs user-msvc -c user-msvc" prints "I write"

    @erratum
    Scenario: MYSQL_HOST is more than a host
      # The document's key mysql-host, and the variable MYSQL_HOST, hold a host and its port.
      Given the Pod "config" runs from "config.yaml"
      Then in the Pod "config" "env" prints "MYSQL_HOST=127.0.0.1:3306"
      When I try "kubectl exec config -- sh -c 'wget -O - http://$MYSQL_HOST:3306'"
      Then it fails with "127.0.0.1:3306:3306"

    @erratum
    Scenario: A container that ends is started again in the same Pod
      # The document says that Pods cannot be resurrected when they are killed for whatever reason.
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And the Pod "mortal" runs from "mortal.yaml"
      And the Pod "mortal" has logged "listens on port 443"
      When I run "kubectl get pod mortal -o yaml"
      Then it prints "uid: [ID:uid]"
      When I run "kubectl exec mortal -- kill 1 || true"
      Then within 60 seconds the restart count of the Pod "mortal" is 1
      And "kubectl get pod mortal -o yaml" prints "uid: [=uid]"
