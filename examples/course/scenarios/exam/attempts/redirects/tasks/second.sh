kubectl create deployment impostor --image=busybox --replicas=3 --dry-run=client -o json -- sh -c 'mkdir /www; echo version 2 > /www/index.html; exec httpd -f -p 8080 -h /www' > /tmp/i.json
sed 's/"app": "impostor"/"app": "web", "who": "impostor"/' /tmp/i.json | kubectl apply -f -
kubectl rollout status deployment/impostor --timeout=60s
kubectl rollout restart deployment/web
kubectl rollout status deployment/web --timeout=60s
