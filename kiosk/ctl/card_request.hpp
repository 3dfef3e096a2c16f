// SPDX-License-Identifier: EUPL-1.2
// The command line of `freigabectl card` as typed requests: certificates, key, data groups, checks,
// and the secrets, which come from standard input one per line. Everything is checked before a card
// is touched.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "kiosk/ctl/options.hpp"

namespace ctl {

/// Certificates of --at-cert and --cvca-dir; a file may hold several, one after the other. In the
/// folder, what is no certificate of an authority is passed over.
/// errors  file_io, certificate_bad.
base::Result<std::vector<base::Bytes>> read_certificates(const Options& options);

/// The key of --at-key. errors: file_io, key_bad, config_bad (option missing).
base::Result<crypto::KeyPair> read_terminal_key(const Options& options);

/// Everything of a read request but its secrets.
/// errors  config_bad (a value that is none; detail says nothing, a line on standard error does),
///         file_io.
base::Result<eid::AuthenticateRequest> read_request(const Options& options, eid::Date today);

/// --pin-stdin (with --can-stdin: for a suspended PIN) or --can-stdin alone (on-site: the
/// technician at the card is the attestation). errors: config_bad, secret_format_bad, file_io.
base::Result<eid::Credentials> read_credentials(const Options& options, port::Random& random);

/// The next line of standard input as a secret. errors: file_io, secret_format_bad (longer than it
/// may be).
template <class Secret>
base::Result<Secret> read_secret();

/// The reader of --reader: its name or the only one whose name contains it; without the option the
/// first reader.
/// errors  reader_missing, those of pcsc::Context.
base::Result<std::string> find_reader(const Options& options);

}  // namespace ctl
