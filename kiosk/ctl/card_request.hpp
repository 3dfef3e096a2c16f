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

/// Certificates of --at-cert and --cvca-dir; a file may hold several, one after the other, binary
/// or PEM. In the folder, what is no certificate of an authority is passed over. errors  config_bad
/// (no --at-cert), file_io, certificate_bad.
base::Result<std::vector<base::Bytes>> read_certificates(const Options& options);

/// The key of --at-key. errors: file_io, key_bad, config_bad (option missing).
base::Result<crypto::KeyPair> read_terminal_key(const Options& options);

/// Everything of a read request but its secrets.
/// terminal  the terminal's certificate: it decides the form of a sector key that comes as
///           SubjectPublicKeyInfo.
/// errors    config_bad (a value that is none; a line on standard error names it), file_io,
/// key_bad,
///           certificate_bad, restricted_id_failed (not the certificate's sector).
base::Result<eid::AuthenticateRequest> read_request(const Options& options, eid::Date today,
                                                    base::ByteView terminal);

/// The list of --block-list and the sector of --revocation-sector, which come together; nothing
/// without the options. errors: config_bad, file_io, those of eid::BlockList::open and of
/// read_request's sector key.
struct BlockListOptions {
    eid::BlockList list;
    base::Bytes sector_key;
};
base::Result<std::optional<BlockListOptions>> read_block_list(const Options& options,
                                                              base::ByteView terminal);

/// Which of two secrets comes first on standard input: as the options stand on the command line.
enum class FirstLine : std::uint8_t { pin, can };
[[nodiscard]] FirstLine first_line(Arguments arguments, FirstLine usual);

struct PinAndCan {
    eid::Pin pin;
    eid::Can can;
};
/// Two lines of standard input. errors: those of read_secret.
base::Result<PinAndCan> read_pin_and_can(FirstLine first);

/// --pin-stdin (with --can-stdin: for a suspended PIN) or --can-stdin alone (on-site: the
/// technician at the card is the attestation), or --pin-pad (with --can-pad: for a suspended PIN)
/// and then nothing from standard input. errors: config_bad, secret_format_bad, file_io.
base::Result<eid::Credentials> read_credentials(const Options& options, FirstLine first,
                                                port::Random& random);

/// The next line of standard input as a secret.
/// errors  secret_format_bad (no more lines, or longer than it may be).
template <class Secret>
base::Result<Secret> read_secret();
/// The same for a line that need not be there: nothing at the end of input, for an empty line, and
/// where nobody has written one yet.
template <class Secret>
base::Result<std::optional<Secret>> read_optional_secret();

/// The reader of --reader: its name or the only one whose name contains it; without the option the
/// only one with a card in it, or the first if there is no card.
/// errors  reader_missing (also: cards in several readers, and none was named; a line on standard
///         error each), those of pcsc::Context.
base::Result<std::string> find_reader(const Options& options);

}  // namespace ctl
