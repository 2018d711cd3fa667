kubectl set env deployment/web VERSION=2
