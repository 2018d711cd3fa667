kubectl scale deployment/web --replicas=4 && kubectl scale deployment/web --replicas=3
