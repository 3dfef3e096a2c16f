// SPDX-License-Identifier: EUPL-1.2
// One terminal of a simulated fleet: a certificate of its own, a chain of its own, real heads and
// real hashes. What is shared, because it costs two milliseconds a piece and the backend's ingest
// cannot tell: the key pairs, and a few sealed texts that all records take turns in (so the views
// role would call them invalid; drain a fleet against role ingest). One thread at a time.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "drivers/port/random.hpp"
#include "sync/http/tls.hpp"
#include "sync/model/batch.hpp"

namespace ctl {

/// What all terminals of a fleet share.
struct FleetCommon {
    base::Bytes ca_certificate;  ///< who signed the backend's and the terminals' certificates
    pki::Name ca_name;
    crypto::KeyPair ca;
    crypto::KeyPair tls;
    crypto::KeyPair journal;
    base::Bytes tls_private;          ///< the same, encoded
    std::vector<std::string> sealed;  ///< JWE texts of real consents, for grants and withdrawals
    std::string site;
};
/// Reads the CA's key from a folder of `freigabectl pki init`, makes keys and seals the texts.
/// errors  file_io, key_bad, seal_failed.
base::Result<FleetCommon> make_fleet(const std::string& pki_folder, port::Random& random);

/// The id of the terminal with this number, always the same.
[[nodiscard]] base::Uuid fleet_id(std::uint64_t number);

class FleetTerminal {
  public:
    FleetTerminal(const FleetCommon& common, std::uint64_t number);

    [[nodiscard]] const base::Uuid& id() const { return id_; }
    /// A TLS context with this terminal's own certificate. errors: certificate_bad, crypto_failed.
    base::Result<std::unique_ptr<http::TlsContext>> tls(port::Random& random) const;
    /// errors  crypto_failed.
    base::Result<std::string> enrolment(const std::string& code, port::Random& random) const;
    /// The next records of its sessions (each two consents, then one taken back), as a batch.
    /// count: 1..limits::batch_records_max. errors: crypto_failed.
    base::Result<std::string> next_batch(std::size_t count, std::uint64_t wall_ms,
                                         port::Random& random);
    /// One more withdrawal, as an advance copy.
    base::Result<std::string> next_advance(std::uint64_t wall_ms, port::Random& random);

  private:
    model::Record next_record(model::Kind kind, std::uint64_t wall_ms);
    [[nodiscard]] base::Result<std::string> head(port::Random& random) const;
    model::Digest any_tag();

    const FleetCommon& common_;
    std::mt19937_64 draw_;  ///< tags: nobody guesses at a load test
    base::Uuid id_;
    std::uint64_t seq_ = 0;
    model::Digest prev_{};
    model::Digest subject_{};
    base::Uuid granted_;
};

}  // namespace ctl
