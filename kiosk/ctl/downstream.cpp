// SPDX-License-Identifier: EUPL-1.2
// `freigabectl downstream`: how what comes down to terminals is made and signed. Nobody can do it
// alone: whoever builds a root or a manifest hands the file on, each person signs it with their own
// key on their own machine, and `release` puts it in its place only when enough have.
#include <chrono>
#include <cstdio>
#include <string>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/downstream_folder.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/manifest.hpp"
#include "sync/seal/jwk.hpp"

namespace ctl {
namespace {

using base::Errc;

int usage() {
    std::fputs(
        "usage: freigabectl downstream <what>\n"
        "  keys    --out DIR [--people N]   for tests and demos: root-1.key ... manifest-N.key, "
        "each\n"
        "                                   with its public .jwk\n"
        "  root    OUT --root-keys JWK... --manifest-keys JWK... [--threshold N]\n"
        "          [--manifest-threshold N] [--days N] [--from ROOT]\n"
        "                                   the first root, or with --from its successor: each "
        "key\n"
        "                                   list that is not given stays; thresholds 2, 730 days\n"
        "  publish --days N DIR [KIND[:TERMINAL]=FILE[@YYYY-MM-DD]...] [--drop KIND[/NAME]...]\n"
        "                                   makes DIR/manifest.draft and DIR/targets: what is in\n"
        "                                   DIR/manifest.jws, with these files instead; @ = in "
        "force\n"
        "                                   from that day on (UTC). KIND: catalogue, "
        "certificates,\n"
        "                                   csca, block_list, configuration, log, backend\n"
        "  sign    --key FILE IN [OUT]      adds one person's signature to a root or a manifest\n"
        "  release DIR FILE                 puts a root or manifest into DIR once enough have "
        "signed\n"
        "  verify  DIR [--root FILE]        what a terminal with that root (or the first) would "
        "say\n"
        "\n"
        "  DIR is what freigabe-backend --downstream serves, and what a stick carries.\n",
        stderr);
    return exit_usage;
}

base::Result<void> make_keys(const Options& options) {
    const std::filesystem::path folder(*options.value("--out"));
    const auto people = small_number(options.value("--people").value_or("3"), 8);
    if (!people) return base::fail(Errc::config_bad, "downstream people");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    crypto::SystemRandom random;
    for (const char* role : {"root", "manifest"}) {
        for (unsigned i = 1; i <= *people; ++i) {
            const auto stem = folder / (std::string(role) + "-" + std::to_string(i));
            const crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
            TRY_VOID(write_key(stem.string() + ".key", key));
            const std::string jwk = seal::write_public_jwk({"", key.point}) + "\n";
            TRY_VOID(write_public(stem.string() + ".jwk", base::as_bytes(jwk)));
        }
    }
    return {};
}

/// Keys and threshold of a role; what is not given stays as it was.
base::Result<void> change_role(const std::vector<std::string_view>& files,
                               std::optional<std::string_view> threshold, std::string_view word,
                               downstream::Role& role) {
    if (!files.empty()) role.keys.clear();
    for (const std::string_view file : files) {
        TRY(text, read_file(file));
        TRY(key, seal::parse_public_jwk(base::as_text(text)));
        role.keys.push_back({seal::thumbprint(key.point), std::string(word), key.point});
    }
    if (role.threshold == 0) role.threshold = limits::role_threshold_min;
    if (!threshold) return {};
    const auto number = small_number(*threshold, limits::role_keys_max);
    if (!number) return base::fail(Errc::config_bad, "downstream threshold");
    role.threshold = *number;
    return {};
}

base::Result<void> make_root(const Options& options) {
    downstream::Root root;
    if (const auto from = options.value("--from")) {
        TRY(file, read_file(*from));
        TRY(old, downstream::open_root(base::as_text(file)));
        root = std::move(old);
    }
    ++root.version;
    TRY(expires, expiry_of(options, "730"));
    root.expires_ms = expires;
    TRY_VOID(change_role(options.values("--root-keys"), options.value("--threshold"),
                         downstream::role_root, root.root));
    TRY_VOID(change_role(options.values("--manifest-keys"), options.value("--manifest-threshold"),
                         downstream::role_manifest, root.manifest));
    const std::string text = downstream::write_root(root);
    // The reader decides what is a root, so that nobody signs what every terminal refuses.
    TRY_VOID(downstream::parse_root(base::as_bytes(text)));
    return write_file(options.words()[0], base::as_bytes(text));
}

/// Whether the payload is a root or a manifest; nothing if it is neither.
std::optional<std::string_view> role_for(base::ByteView payload) {
    if (downstream::parse_root(payload)) return downstream::role_root;
    if (downstream::parse_manifest(payload)) return downstream::role_manifest;
    return std::nullopt;
}

base::Result<void> sign_one(const Options& options) {
    const std::string_view in = options.words().front();
    TRY(key, read_key(std::string(*options.value("--key"))));
    TRY(input, read_file(in));
    TRY(payload, downstream::payload_of(input, limits::manifest_file_bytes_max));
    const auto role = role_for(payload);
    if (!role) return base::fail(Errc::manifest_bad, "neither root nor manifest");
    crypto::SystemRandom random;
    seal::PairSigner signer(key, random);
    seal::JwsHeader header;
    header.kid = seal::thumbprint(key.point);
    header.role = std::string(*role);
    TRY(text, downstream::add_signature(input, {std::move(header), &signer},
                                        limits::manifest_file_bytes_max));
    return write_file(options.words().back(), base::as_bytes(text));
}

int finish(const base::Result<void>& done) {
    if (done) return exit_ok;
    print_error(done.error());
    return exit_failed;
}

}  // namespace

int downstream(Arguments arguments) {
    if (arguments.empty()) return usage();
    const auto options =
        Options::parse(arguments.subspan(1), {{"--out", Takes::value},
                                              {"--people", Takes::value},
                                              {"--root-keys", Takes::list},
                                              {"--manifest-keys", Takes::list},
                                              {"--threshold", Takes::value},
                                              {"--manifest-threshold", Takes::value},
                                              {"--days", Takes::value},
                                              {"--from", Takes::value},
                                              {"--drop", Takes::list},
                                              {"--key", Takes::value},
                                              {"--root", Takes::value}});
    if (!options) return usage();
    const std::string_view what = arguments[0];
    const std::size_t words = options->words().size();
    if (what == "keys" && options->has("--out")) return finish(make_keys(*options));
    const bool whole =
        options->has("--from") || (options->has("--root-keys") && options->has("--manifest-keys"));
    if (what == "root" && words == 1 && whole) return finish(make_root(*options));
    if (what == "publish" && words >= 1 && options->has("--days")) return finish(publish(*options));
    if (what == "sign" && (words == 1 || words == 2) && options->has("--key"))
        return finish(sign_one(*options));
    if (what == "release" && words == 2) return finish(release(*options));
    if (what == "verify" && words == 1) return finish(verify_folder(*options));
    return usage();
}

}  // namespace ctl
