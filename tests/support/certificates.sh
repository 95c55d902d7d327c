# shellcheck shell=bash
# Sourced by tests that need certificates: made here and now, in ./certs.
#
#   ca.pem            signs all of these, but stranger.pem, which signs itself
#   good expired future elsewhere stranger client: .pem and .key; good is for localhost, 127.0.0.1 and example.test
make_certificates() {
  mkdir -p certs/new
  : >certs/index.txt
  echo 01 >certs/serial
  cat >certs/openssl.cnf <<'CNF'
[req]
distinguished_name = name
prompt = no
[name]
CN = burstgate test
[ca]
default_ca = test
[test]
dir = certs
database = certs/index.txt
serial = certs/serial
new_certs_dir = certs/new
certificate = certs/ca.pem
private_key = certs/ca.key
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = copy
[anything]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
CNF
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Test CA" -config certs/openssl.cnf \
    -extensions authority -keyout certs/ca.key -out certs/ca.pem 2>>certs/log
  local here=DNS:localhost,DNS:example.test,IP:127.0.0.1
  issue good "$here" 20200101000000Z 20400101000000Z
  issue expired "$here" 20200101000000Z 20210101000000Z
  issue future "$here" 20380101000000Z 20400101000000Z
  issue elsewhere DNS:other.test,IP:10.1.2.3 20200101000000Z 20400101000000Z
  issue client DNS:client.test 20200101000000Z 20400101000000Z
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=stranger" -config certs/openssl.cnf \
    -addext "subjectAltName=$here" -keyout certs/stranger.key -out certs/stranger.pem 2>>certs/log
}

# $1: name, $2: alternative names, $3 and $4: valid from and to.
issue() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -config certs/openssl.cnf \
    -addext "subjectAltName=$2" -keyout "certs/$1.key" -out "certs/$1.csr" 2>>certs/log
  openssl ca -batch -notext -config certs/openssl.cnf -startdate "$3" -enddate "$4" -in "certs/$1.csr" -out "certs/$1.pem" 2>>certs/log
  chmod 600 "certs/$1.key"
}
