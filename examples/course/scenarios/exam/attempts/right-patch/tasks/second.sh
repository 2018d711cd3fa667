kubectl get deployment web -o yaml | sed '/name: VERSION/{n;s/"1"/"2"/}' | kubectl replace -f -
