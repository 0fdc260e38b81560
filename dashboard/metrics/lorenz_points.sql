-- grain: one row per point of the Lorenz curve by communes, with the band of a balanced province
SELECT commune_share, model_share, low, high
FROM flag_lorenz
ORDER BY commune_share, model_share
