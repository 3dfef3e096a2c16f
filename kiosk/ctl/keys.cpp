// SPDX-License-Identifier: EUPL-1.2
// `freigabectl keys`: makes a key on a PKCS#11 token and shows its public half. The private half is
// born there and has no way out, so there is nothing here that exports or imports one.
#include <cstdio>
#include <string>

#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"

namespace ctl {
namespace {

using base::Errc;

int usage() {
    std::fputs(
        "usage: freigabectl keys create --uri URI [--module FILE] --name NAME [--curve C] "
        "[--out FILE]\n"
        "       freigabectl keys show   --uri URI [--module FILE] --name NAME [--out FILE]\n"
        "  --uri URI      RFC 7512, as pkcs11:token=NAME?pin-source=file:/PATH; the PIN stands in\n"
        "                 that file, mode 0600, and nowhere else\n"
        "  --module FILE  PKCS#11 module; without it those of p11-kit's configuration\n"
        "  --name NAME    journal or terminal for a kiosk: the label on the token\n"
        "  --curve C      P-256 (default), brainpoolP256r1 ...\n"
        "  --out FILE     the public key also as a file, SubjectPublicKeyInfo DER\n",
        stderr);
    return exit_usage;
}

base::Result<base::Bytes> create(const keys::TokenPlace& place, const Options& options) {
    const auto curve = curve_of(options.value("--curve").value_or("P-256"));
    if (!curve) return base::fail(Errc::config_bad, "keys curve");
    return keys::Pkcs11KeyStore::create_key(place, *options.value("--name"), *curve);
}

base::Result<base::Bytes> show(const keys::TokenPlace& place, const Options& options) {
    TRY(store, keys::Pkcs11KeyStore::open(place));
    return store.public_point(*options.value("--name"));
}

/// The point with its curve, which the port does not tell: a point lies on one of ours only.
base::Result<crypto::Point> point_of(base::ByteView bytes) {
    using crypto::Curve;
    for (const Curve curve : {Curve::p256, Curve::brainpool_p256r1, Curve::p384,
                              Curve::brainpool_p384r1, Curve::brainpool_p512r1, Curve::p521}) {
        if (auto point = crypto::parse_point(curve, bytes)) return point;
    }
    return base::fail(Errc::key_bad, "keys curve");
}

base::Result<void> run(const Options& options) {
    const keys::TokenPlace place{std::string(*options.value("--uri")),
                                 std::string(options.value("--module").value_or(""))};
    const bool creates = options.words().front() == "create";
    TRY(bytes, creates ? create(place, options) : show(place, options));
    TRY(point, point_of(bytes));
    const base::Bytes der = crypto::write_public_key(point);
    if (const auto out = options.value("--out")) TRY_VOID(write_public(std::string(*out), der));
    std::fputs(pki::to_pem("PUBLIC KEY", der).c_str(), stdout);
    return {};
}

}  // namespace

int keys(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--uri", Takes::value},
                                                    {"--module", Takes::value},
                                                    {"--name", Takes::value},
                                                    {"--curve", Takes::value},
                                                    {"--out", Takes::value},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() != 1 || (words[0] != "create" && words[0] != "show")) return usage();
    if (!options->has("--uri") || !options->has("--name")) return usage();
    if (words[0] == "show" && options->has("--curve")) return usage();
    if (const auto done = run(*options); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

}  // namespace ctl
