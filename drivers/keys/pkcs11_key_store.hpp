// SPDX-License-Identifier: EUPL-1.2
// Keys on a PKCS#11 token: a TPM, a secure element, a smart card or SoftHSM. The token signs; a
// private key never comes out, and one that could is refused. A key's name is its label
// (CKA_LABEL). Not shared between threads: one store a thread, each with a session of its own. A
// pulled token or a lost session is opened anew once in each call; a PIN that was refused is never
// tried again. Norm: PKCS#11 v2.40, RFC 7512.
#pragma once

#include <memory>
#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/keys/key_place.hpp"
#include "drivers/port/key_store.hpp"

namespace keys {

class Pkcs11KeyStore final : public port::KeyStore {
  public:
    /// Loads the module, finds the token and logs in, so that a wrong PIN or a missing token is
    /// said at start. The PIN is read from the URI's pin-source: a file of this user, mode 0600 or
    /// less. With `object` or `id` in the URI the store has that one key only. errors  config_bad
    /// (URI, module, PIN wrong), device_absent (no such token), key_bad (PIN
    ///         locked, or one try left, which staff must use; PIN file open to others), file_io,
    ///         device_failed. detail = CKR code, for file_io errno.
    /// cost    loads a library; blocks on the token, a second and more with slow ones.
    static base::Result<Pkcs11KeyStore> open(const TokenPlace& place);

    /// Makes a key pair on the token: sensitive, not extractable, for signing. Never replaces one.
    /// name    as key_name_ok (else config_bad).
    /// returns the public point, uncompressed, after a first signature under it has been verified.
    /// errors  as open; key_bad (name taken), crypto_failed (curve unknown to the token).
    /// norm    PKCS#11 v2.40 5.13.2, current mechanisms 2.3.5.
    static base::Result<base::Bytes> create_key(const TokenPlace& place, std::string_view key_name,
                                                crypto::Curve curve);

    Pkcs11KeyStore(Pkcs11KeyStore&&) noexcept;
    Pkcs11KeyStore& operator=(Pkcs11KeyStore&&) noexcept;
    Pkcs11KeyStore(const Pkcs11KeyStore&) = delete;
    Pkcs11KeyStore& operator=(const Pkcs11KeyStore&) = delete;
    ~Pkcs11KeyStore() override;

    /// The first call for a key signs once to prove that both halves belong together; later ones
    /// ask the token nothing. errors  key_bad (no such key, or not unique; it may leave the token;
    /// curve or point
    ///         unusable), device_absent, device_failed, crypto_failed, config_bad.
    base::Result<base::Bytes> public_point(std::string_view key_name) override;
    /// A digest longer than the order is cut to its length, as ECDSA says. Each signature is
    /// verified before it is handed out. errors: as public_point.
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override;

  private:
    class Token;
    explicit Pkcs11KeyStore(std::unique_ptr<Token> token);

    std::unique_ptr<Token> token_;
};

}  // namespace keys
