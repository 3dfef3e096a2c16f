// SPDX-License-Identifier: EUPL-1.2
// `freigabectl log verify`: an auditor's look at a backend's log. Believes nothing but the key:
// builds the tree anew from the leaves (or the entries), compares it with the signed checkpoint,
// every inner tile and any older checkpoint that somebody kept.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "drivers/crypto/key_file.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/log_source.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/json.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "sync/receipts/frontier.hpp"
#include "sync/receipts/tile_path.hpp"

namespace ctl {
namespace {

using base::Errc;
using receipts::Checkpoint;
using receipts::Hash;
using receipts::tile_width;
using receipts::TileName;

constexpr std::size_t hash_bytes = 32;

int usage() {
    std::fputs(
        "usage: freigabectl log verify (--url URL --tls-ca FILE --tls-cert FILE --tls-key FILE\n"
        "         [--server-name NAME] | --dir DIR) (--trust FILE | --key FILE)\n"
        "         [--entries] [--since FILE...] [--save DIR] [--json]\n"
        "  --dir DIR       the pieces as files: checkpoint, tile/0/000 ... (--save makes such)\n"
        "  --trust FILE    a terminal's trust.json; or\n"
        "  --key FILE      the log's public key, SubjectPublicKeyInfo, DER or PEM\n"
        "  --entries       build the tree from the entries themselves (an auditor's certificate)\n"
        "  --since FILE    older checkpoints that somebody kept: the log must still contain them\n"
        "  --save DIR      keep what was fetched\n"
        "Exit status: 0 the log is whole, 1 it is not (or could not be fetched), 2 wrong use.\n",
        stderr);
    return exit_usage;
}

struct Finding {
    std::uint64_t size = 0;
    Hash root{};
    std::string origin;
    std::size_t older = 0;    ///< checkpoints that it contains
    const char* broken = "";  ///< what does not fit; empty = whole
    std::uint64_t broken_at = 0;
};

base::Result<crypto::Point> log_key(const Options& options) {
    if (const auto trust_path = options.value("--trust")) {
        TRY(text, read_file(*trust_path));
        TRY(trust, downstream::parse_trust(base::as_text(text)));
        return std::move(trust.receipts.point);
    }
    TRY(content, read_file(*options.value("--key")));
    if (!pki::is_pem(content)) return crypto::parse_public_key(content);
    const auto blocks = pki::from_pem(content);
    if (blocks.empty()) return base::fail(Errc::key_bad, "log key");
    return crypto::parse_public_key(blocks.front());
}

/// Reads a log from its first record to its last, once.
class Audit {
  public:
    Audit(LogSource& source, Finding& out) : source_(source), out_(out) {}

    /// older  sorted by size.
    base::Result<void> run(const Checkpoint& now, const std::vector<Checkpoint>& older,
                           bool entries) {
        pending_.resize(receipts::tile_levels);
        auto next_older = older.begin();
        for (std::uint64_t n = 0; n * tile_width < now.head.size; ++n) {
            const auto width = static_cast<unsigned>(
                std::min<std::uint64_t>(tile_width, now.head.size - n * tile_width));
            TRY(leaves, leaves_of({0, n, width}, entries));
            if (leaves.size() != width) return broken("a tile of another size", n * tile_width);
            for (const Hash& leaf : leaves) {
                while (next_older != older.end() && next_older->head.size == tree_.size())
                    if (!contains(*next_older++)) return {};
                tree_.append(leaf);
            }
            if (width == tile_width) TRY_VOID(climb(1, n, receipts::tree_hash(leaves)));
            if (*out_.broken != '\0') return {};
        }
        for (; next_older != older.end(); ++next_older)
            if (!contains(*next_older)) return {};
        if (tree_.root() != now.head.root)
            return broken("the root of the checkpoint", tree_.size());
        return partial_tiles(now.head.size);
    }

  private:
    base::Result<void> broken(const char* what, std::uint64_t at) {
        out_.broken = what;
        out_.broken_at = at;
        return {};
    }

    bool contains(const Checkpoint& older) {
        if (older.head.size != tree_.size() || older.head.root != tree_.root()) {
            (void)broken("an older checkpoint: records were changed or taken out", older.head.size);
            return false;
        }
        ++out_.older;
        return true;
    }

    base::Result<std::vector<Hash>> hashes(const TileName& name) {
        TRY(body, source_.fetch(receipts::to_path(name)));
        std::vector<Hash> out(body.size() / hash_bytes);
        if (body.size() % hash_bytes != 0) out.clear();
        for (std::size_t i = 0; i < out.size(); ++i)
            std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(i * hash_bytes), hash_bytes,
                        out[i].begin());
        return out;
    }

    base::Result<std::vector<Hash>> leaves_of(const TileName& name, bool entries) {
        TRY(leaves, hashes(name));
        if (!entries) return std::move(leaves);
        TRY(bundle, source_.fetch(receipts::to_path({std::nullopt, name.n, name.width})));
        base::ByteView rest = base::as_bytes(bundle);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const std::size_t size = rest.size() < 2 ? rest.size() : base::read_u16(rest);
            const bool whole = rest.size() >= 2 && rest.size() - 2 >= size;
            if (!whole || receipts::leaf_hash(rest.subspan(2, size)) != leaves[i]) {
                TRY_VOID(broken("an entry that is not its leaf", name.n * tile_width + i));
                break;
            }
            rest = rest.subspan(2 + size);
        }
        return std::move(leaves);
    }

    /// A finished node goes up; a full tile of nodes must be the one that the log serves.
    base::Result<void> climb(unsigned level, std::uint64_t n, Hash node) {
        for (; level < receipts::tile_levels; ++level) {
            auto& tile = pending_[level];
            tile.push_back(node);
            if (tile.size() < tile_width) return {};
            TRY(served, hashes({level, n / tile_width, tile_width}));
            if (served != tile) return broken("an inner tile", n * tile_width);
            node = receipts::tree_hash(tile);
            tile.clear();
            n /= tile_width;
        }
        return {};
    }

    base::Result<void> partial_tiles(std::uint64_t size) {
        for (unsigned level = 1; level < receipts::tile_levels; ++level) {
            const auto& tile = pending_[level];
            if (tile.empty()) continue;
            const std::uint64_t nodes = size >> 8 * level;
            TRY(served, hashes({level, nodes / tile_width, static_cast<unsigned>(tile.size())}));
            if (served != tile) return broken("an inner tile", nodes);
        }
        return {};
    }

    LogSource& source_;
    Finding& out_;
    receipts::MerkleFrontier tree_;
    std::vector<std::vector<Hash>> pending_;  ///< nodes of the tile that each level is filling
};

base::Result<std::vector<Checkpoint>> older_checkpoints(const Options& options,
                                                        const crypto::Point& key,
                                                        const Checkpoint& now) {
    std::vector<Checkpoint> out;
    for (const auto path : options.values("--since")) {
        TRY(text, read_file(path));
        TRY(checkpoint, receipts::verify_checkpoint(base::as_text(text), key));
        if (checkpoint.origin != now.origin)
            return base::fail(Errc::receipt_bad, "checkpoint of another log");
        out.push_back(std::move(checkpoint));
    }
    std::ranges::sort(out, {}, [](const Checkpoint& each) { return each.head.size; });
    return out;
}

base::Result<Finding> verify(const Options& options) {
    TRY(key, log_key(options));
    std::unique_ptr<LogSource> source;
    if (const auto folder = options.value("--dir")) {
        source = folder_source(std::string(*folder));
    } else {
        TRY(opened, backend_source(options));
        source = std::move(opened);
    }
    if (const auto folder = options.value("--save"))
        source = saving_source(std::move(source), std::string(*folder));
    TRY(note, source->fetch("checkpoint"));
    TRY(now, receipts::verify_checkpoint(note, key));
    TRY(older, older_checkpoints(options, key, now));
    Finding out{now.head.size, now.head.root, now.origin};
    TRY_VOID(Audit(*source, out).run(now, older, options.has("--entries")));
    return out;
}

void print(const Finding& finding, bool json) {
    if (json) {
        model::JsonWriter out;
        out.boolean("ok", *finding.broken == '\0')
            .text("origin", finding.origin)
            .number("size", finding.size)
            .bytes("root", finding.root)
            .number("older_checkpoints", finding.older);
        if (*finding.broken != '\0')
            out.text("broken", finding.broken).number("broken_at", finding.broken_at);
        std::printf("%s\n", out.done().c_str());
        return;
    }
    std::printf("log       %s\nrecords   %llu\n", finding.origin.c_str(),
                static_cast<unsigned long long>(finding.size));
    if (*finding.broken != '\0') {
        std::printf("BROKEN    %s, at %llu\n", finding.broken,
                    static_cast<unsigned long long>(finding.broken_at));
        return;
    }
    std::printf("whole     root and signature fit; %zu older checkpoints are in it\n",
                finding.older);
}

}  // namespace

int log(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--url", Takes::value},
                                                    {"--tls-ca", Takes::value},
                                                    {"--tls-cert", Takes::value},
                                                    {"--tls-key", Takes::value},
                                                    {"--server-name", Takes::value},
                                                    {"--dir", Takes::value},
                                                    {"--trust", Takes::value},
                                                    {"--key", Takes::value},
                                                    {"--entries", Takes::nothing},
                                                    {"--since", Takes::list},
                                                    {"--save", Takes::value},
                                                    {"--json", Takes::nothing},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() != 1 || words[0] != "verify") return usage();
    const bool online = options->has("--url") && options->has("--tls-ca") &&
                        options->has("--tls-cert") && options->has("--tls-key");
    if (online == options->has("--dir")) return usage();
    if (options->has("--trust") == options->has("--key")) return usage();
    const auto finding = verify(*options);
    if (!finding) {
        print_error(finding.error());
        return exit_failed;
    }
    print(*finding, options->has("--json"));
    return *finding->broken == '\0' ? exit_ok : exit_failed;
}

}  // namespace ctl
