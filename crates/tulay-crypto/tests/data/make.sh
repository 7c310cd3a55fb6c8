#!/bin/sh
# Makes every key and signature of this folder anew with openssl 3 and ssh-keygen. All keys are for tests only.
# regional_published_signature.json is a provider's published example, not made here.
set -eu
cd "$(dirname "$0")"
rm -rf bad edge rsa2048.* rsa4096.*
mkdir bad edge

printf '%s' '{"orderId":"P-0001","amount":"100.10","name":"Ñandú 桥","note":"a\/b \u00e9"}' > message.json

for bits in 2048 4096; do
    key=rsa$bits
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out $key.pkcs8.pem
    openssl pkcs8 -in $key.pkcs8.pem -topk8 -nocrypt -outform DER -out $key.pkcs8.der
    openssl rsa -in $key.pkcs8.pem -traditional -out $key.pkcs1.pem
    openssl rsa -in $key.pkcs8.pem -traditional -outform DER -out $key.pkcs1.der
    openssl pkey -in $key.pkcs8.pem -pubout -out $key.spki.pem
    openssl pkey -in $key.pkcs8.pem -pubout -outform DER -out $key.spki.der
    openssl rsa -in $key.pkcs8.pem -RSAPublicKey_out -out $key.public-pkcs1.pem
    openssl rsa -in $key.pkcs8.pem -RSAPublicKey_out -outform DER -out $key.public-pkcs1.der
    for form in pkcs8 pkcs1 spki public-pkcs1; do
        openssl base64 -A -in $key.$form.der -out $key.$form.base64
    done
    openssl dgst -sha256 -r $key.spki.der | cut -c1-64 > $key.fingerprint
    openssl dgst -sha256 -sign $key.pkcs8.pem -out $key.signature message.json
done

# The outermost keys that are accepted.
edge() {
    name=$1
    shift
    openssl genpkey -quiet -algorithm RSA "$@" -out edge/$name.pem
    openssl dgst -sha256 -sign edge/$name.pem -out edge/$name.signature message.json
}
edge rsa2050 -pkeyopt rsa_keygen_bits:2050
edge rsa8192 -pkeyopt rsa_keygen_bits:8192
edge exponent33 -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:8589934591

cd bad
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.private.pem
openssl pkey -in rsa1024.private.pem -pubout -out rsa1024.public.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out exponent3.private.pem
openssl pkey -in exponent3.private.pem -pubout -out exponent3.public.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:8589934593 -out exponent34.private.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2047 -out rsa2047.private.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out three-primes.pem
openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.private.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.private.pem
openssl ec -in ec.private.pem -out ec.sec1.pem
openssl pkey -in ec.private.pem -pubout -out ec.public.pem
openssl genpkey -quiet -algorithm ED25519 -out ed25519.private.pem
openssl pkey -in ../rsa2048.pkcs8.pem -aes-256-cbc -passout pass:secret -out encrypted.pkcs8.pem
openssl pkcs8 -in ../rsa2048.pkcs8.pem -topk8 -passout pass:secret -outform DER -out encrypted.pkcs8.der
openssl rsa -in ../rsa2048.pkcs8.pem -traditional -aes128 -passout pass:secret -out encrypted.pkcs1.pem
openssl req -new -x509 -key ../rsa2048.pkcs8.pem -subj /CN=test -days 36500 -out certificate.pem
openssl x509 -in certificate.pem -outform DER -out certificate.der
openssl pkcs12 -export -inkey ../rsa2048.pkcs8.pem -in certificate.pem -passout pass:secret -out store.p12
ssh-keygen -q -t rsa -b 2048 -N '' -C test -f openssh.private
mv openssh.private.pub openssh.public
